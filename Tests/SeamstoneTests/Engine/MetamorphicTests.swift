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
/// A failure prints one command that replays it, and the fewest operations that still fail. `.ci/metamorphic` runs
/// more; `SEAMSTONE_SEED` other operations.
@Suite struct MetamorphicTests {
  private static let seed = TestSettings.seed ?? 41

  @Test func thereAreThirtyWaysAndEachCanBeMade() {
    #expect(RunOptions.all.count >= 30)
    #expect(Set(RunOptions.all.map(\.name)).count == RunOptions.all.count)
    for options in RunOptions.all { #expect(options.configuration.problems.isEmpty, "\(options)") }
  }

  @Test(arguments: RunOptions.all.indices)
  func answersDoNotDependOnOptions(index: Int) {
    let run = MetamorphicRun(RunOptions.all[index], seed: Self.seed, length: 16)
    if let failure = run.failure() { Issue.record("\(failure)") }
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
  func plantedDefectsAreFoundAndReduced(_ defect: PlantedDefect) {
    var options = RunOptions("planted")
    options.dimensions = 4
    options.index = .flat
    options.schedule = [(7, .workIdle), (11, .compact), (17, .reopen)]
    var run = MetamorphicRun(options, seed: 3, length: 40)
    run.defect = defect
    let fewest = run.reduced(tries: 24)
    #expect(fewest.count <= 12, "\(fewest)")
  }
}
