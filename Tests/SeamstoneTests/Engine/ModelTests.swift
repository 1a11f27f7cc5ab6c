import TestSupport
import Testing

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The engine against a dictionary, under seeded random operations. `SEAMSTONE_LONG_TESTS=1` (best by
/// `.ci/long model`) runs 100,000 operations instead of a few thousand, on collections several times as
/// large; `SEAMSTONE_SEED` replays a failure.
@Suite struct ModelTests {
  private static let isLong = getenv("SEAMSTONE_LONG_TESTS") != nil
  private static let seed = getenv("SEAMSTONE_SEED").flatMap { UInt64(String(cString: $0)) }

  private static let settings: [ModelRun.Setting] = [
    .init(metric: .l2Squared, dimensions: 4),
    .init(metric: .cosine, dimensions: 16),
    .init(metric: .dot, dimensions: 8),
    .init(metric: .manhattan, dimensions: 5),
    .init(metric: .hamming, dimensions: 12),
    .init(metric: .cosine, dimensions: 7, isFloat32: true),
    .init(metric: .l2Squared, dimensions: 9, isFlat: true),
    .init(metric: .hamming, dimensions: 48, elementType: .bits),
    .init(metric: .hamming, dimensions: 256, isFlat: true, elementType: .bits),
  ]

  @Test(arguments: settings.indices)
  func agreesWithADictionary(index: Int) throws {
    let setting = Self.settings[index]
    let seed = Self.seed ?? UInt64(41 + index)
    let directory = try TemporaryDirectory()
    do {
      var run = try ModelRun(
        path: FilePath(directory.path + "/store.seam"), setting: setting, seed: seed,
        idRange: Self.isLong ? 3_000 : 700)
      let operations = Self.isLong ? 100_000 / Self.settings.count + 1 : 250
      try run.run(operations: operations)
      print("\(operations) operations, \(setting), recall \(run.recall), seed \(seed)")
    } catch {
      Issue.record("\(setting), seed \(seed): \(error)")
    }
  }
}
