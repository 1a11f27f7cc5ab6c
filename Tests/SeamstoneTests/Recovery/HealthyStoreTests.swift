import TestSupport
import Testing

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// `verify` raises no false alarm. `SEAMSTONE_STORES` sets on how many random stores (40; 100 in CI), `SEAMSTONE_SEED` the
/// first one's seed.
@Suite struct HealthyStoreTests {
  private static func number(_ name: String) -> Int? {
    getenv(name).flatMap { Int(String(cString: $0)) }
  }

  @Test func nothingIsFoundInHealthyStores() throws {
    let count =
      Self.number("SEAMSTONE_STORES") ?? (getenv("SEAMSTONE_LONG_TESTS") == nil ? 12 : 10_000)
    let first = UInt64(Self.number("SEAMSTONE_SEED") ?? 1)
    var objects = 0
    var segments = 0
    for seed in first..<first + UInt64(count) {
      do {
        let directory = try TemporaryDirectory()
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
