import StoreModel
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
  private static let isLong = TestSettings.isLong
  private static let seed = TestSettings.seed

  private static let settings: [RunOptions] = [
    setting("l2-squared 4d", .l2Squared, 4),
    setting("cosine 16d", .cosine, 16),
    setting("dot 8d", .dot, 8),
    setting("manhattan 5d", .manhattan, 5),
    setting("hamming 12d", .hamming, 12) { $0.encoding = .float32 },
    setting("cosine 7d float32", .cosine, 7) { $0.encoding = .float32 },
    setting("l2-squared 9d flat", .l2Squared, 9) { $0.index = .flat },
    setting("bits 48d", .hamming, 48) { $0.usePackedBits() },
    setting("bits 256d flat", .hamming, 256) {
      $0.usePackedBits()
      $0.index = .flat
    },
  ]

  private static func setting(
    _ name: String, _ metric: Metric, _ dimensions: Int,
    _ change: (inout RunOptions) -> Void = { _ in }
  ) -> RunOptions {
    var options = RunOptions(name, metric: metric)
    options.dimensions = dimensions
    options.floor = 0.99
    options.schedule = [
      (22, .work), (23, .workIdle), (150, .compact), (290, .compactFully), (160, .reopen),
    ]
    change(&options)
    return options
  }

  @Test(arguments: settings.indices)
  func agreesWithADictionary(index: Int) throws {
    let options = Self.settings[index]
    let seed = Self.seed ?? UInt64(41 + index)
    let directory = try TemporaryDirectory()
    do {
      var run = try OperationRun(
        options, in: directory.path, idRange: Self.isLong ? 3_000 : 700)
      let count = Self.isLong ? 100_000 / Self.settings.count + 1 : 250
      try run.run(options.interleaved(StoreOperation.list(seed: seed, count: count)))
      try run.recall.require()
      print("\(count) operations, \(options), recall \(run.recall), seed \(seed)")
    } catch {
      Issue.record("\(options), seed \(seed): \(error)")
    }
  }
}
