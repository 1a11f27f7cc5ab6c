import TestSupport
import Testing

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// `verify` raises no false alarm. `SEAMSTONE_STORES` sets on how many random stores (12; 100 in CI), `SEAMSTONE_SEED` the
/// first one's seed.
@Suite struct HealthyStoreTests {
  @Test func nothingIsFoundInHealthyStores() throws {
    var count =
      TestSettings.number("SEAMSTONE_STORES") ?? (TestSettings.isLong ? 10_000 : 12)
    let first = UInt64(TestSettings.number("SEAMSTONE_SEED") ?? 1)
    var objects = 0
    var segments = 0
    for seed in first..<first + UInt64(count) {
      if TestSettings.isTimeUp {
        count = Int(seed - first)
        break
      }
      do {
        let directory = try TemporaryDirectory(in: TemporaryDirectory.inMemory)
        let made = try RandomStore(path: FilePath(directory.file("store.seam")), seed: seed)
        let open = try made.store.verify(deep: seed % 2 == 0)
        #expect(open.findings == [], "open, seed \(seed)")
        made.store.close()
        let report = try Store.verify(at: made.path, deep: true)
        #expect(report.findings == [], "seed \(seed)")
        objects += report.objects
        segments += report.segments
      } catch {
        Issue.record("seed \(seed): \(error)")
      }
    }
    print("\(count) healthy stores, \(objects) objects, \(segments) segments, seeds from \(first)")
  }
}
