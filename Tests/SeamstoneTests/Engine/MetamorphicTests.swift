import Seamstone
import StoreModel
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The same operations under many options: encodings, kinds, thresholds, threads, durability, schedules of
/// compaction and conversion, reopenings and kills. Every exact answer is that of a dictionary, bit for bit, so it
/// is the same under all options; answers by index keep to a floor; in the end the contents are equal, after
/// reopening and full compaction too, and `verify` finds nothing.
///
/// A failure prints one command that replays it, and the fewest operations that still fail. By `.ci/metamorphic`,
/// or with these variables, more is run:
/// - `SEAMSTONE_METAMORPHIC`: user's operations in all, under all options together.
/// - `SEAMSTONE_RUN_LENGTH`: operations of one run, which begins with an empty store.
/// - `SEAMSTONE_SEED`, `SEAMSTONE_OPTIONS` (a name), `SEAMSTONE_KEEP` (numbers of operations, divided by commas).
@Suite struct MetamorphicTests {
  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
  private static let total = variable("SEAMSTONE_METAMORPHIC").flatMap { Int($0) } ?? 0
  private static let length = variable("SEAMSTONE_RUN_LENGTH").flatMap { Int($0) } ?? 40
  private static let seed = variable("SEAMSTONE_SEED").flatMap { UInt64($0) } ?? 41
  private static let chosen = variable("SEAMSTONE_OPTIONS")
  private static let kept = variable("SEAMSTONE_KEEP").map { list in
    Set(list.split(separator: ",").compactMap { Int($0) })
  }
  private static let options = RunOptions.all.filter { chosen == nil || $0.name == chosen }
  /// Each begins with an empty store and the next seed.
  private static var runs: Int { max(1, total / length / max(1, options.count)) }

  @Test func thereAreThirtyWaysAndEachCanBeMade() {
    #expect(RunOptions.all.count >= 30)
    #expect(Set(RunOptions.all.map(\.name)).count == RunOptions.all.count)
    for options in RunOptions.all { #expect(options.configuration.problems.isEmpty, "\(options)") }
  }

  @Test(arguments: options.indices)
  func answersDoNotDependOnOptions(index: Int) {
    let options = Self.options[index]
    for run in 0..<Self.runs {
      let seed = Self.seed &+ UInt64(run)
      var operations = options.interleaved(StoreOperation.list(seed: seed, count: Self.length))
      if let kept = Self.kept { operations = operations.filter { kept.contains($0.position) } }
      guard let failure = Self.failure(options, operations) else { continue }
      Issue.record(
        "\(options), seed \(seed): \(failure)\n\(Self.advice(options, seed, operations))")
      return
    }
    if Self.total > 0 {
      print("\(Self.runs * Self.length) operations, \(options), seeds from \(Self.seed)")
    }
  }

  /// What goes wrong; nil for nothing.
  private static func failure(
    _ options: RunOptions, _ operations: [StoreOperation], defect: PlantedDefect? = nil
  ) -> String? {
    do {
      let directory = try TemporaryDirectory(in: TemporaryDirectory.inMemory)
      // Long runs fill collections that trained encodings have enough of.
      var run = try OperationRun(
        options, in: directory.path, idRange: length >= 500 ? 2_500 : 700, defect: defect)
      try run.run(operations)
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// How to see a failure again, with all operations and with as few as possible.
  private static func advice(
    _ options: RunOptions, _ seed: UInt64, _ operations: [StoreOperation]
  ) -> String {
    let command =
      "SEAMSTONE_SEED=\(seed) SEAMSTONE_OPTIONS=\(options.name) SEAMSTONE_RUN_LENGTH=\(length)"
    let test = "swift test --filter MetamorphicTests"
    let fewest = Reduction.shrink(operations, tries: 150) { failure(options, $0) != nil }
    let numbers = fewest.map { "\($0.position)" }.joined(separator: ",")
    return """
      Replay: \(command) \(test)
      \(fewest.count) operations are enough: \(fewest.map(\.description).joined(separator: ", "))
      Replay them: \(command) SEAMSTONE_KEEP=\(numbers) \(test)
      """
  }

  @Test func reducingFindsThePartsThatMatter() {
    var tries = 0
    let rest = Reduction.shrink(Array(0..<1_000)) { list in
      tries += 1
      return list.contains(13) && list.contains(500) && list.contains(901)
    }
    #expect(rest == [13, 500, 901])
    #expect(tries <= 200)
    #expect(Reduction.shrink([1, 2, 3]) { _ in true }.count == 1)
    #expect(Reduction.shrink([4]) { _ in false } == [4])
  }

  @Test(arguments: PlantedDefect.allCases)
  func plantedDefectsAreFoundAndReduced(_ defect: PlantedDefect) throws {
    var options = RunOptions("planted")
    options.dimensions = 4
    options.index = .flat
    options.schedule = [(7, .workIdle), (11, .compact), (17, .reopen)]
    let operations = options.interleaved(StoreOperation.list(seed: 3, count: 60))
    try #require(Self.failure(options, operations) == nil)
    try #require(Self.failure(options, operations, defect: defect) != nil)
    let fewest = Reduction.shrink(operations, tries: 60) {
      Self.failure(options, $0, defect: defect) != nil
    }
    #expect(fewest.count <= 10, "\(fewest)")
  }
}
