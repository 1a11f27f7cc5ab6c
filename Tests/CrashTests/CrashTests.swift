import CrashImages
import SegmentFiles
import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A process that writes is killed at random moments: nothing that was acknowledged may be lost, and
/// nothing may be there in part. `SEAMSTONE_CRASH_KILLS` sets how often (6; `.ci/crash` 50), `SEAMSTONE_SEED`
/// replays the workload of a failure (not the moments of the kills).
@Suite struct CrashTests {
  @Test func survivesKillsAtRandomMoments() throws {
    var kills =
      TestSettings.number("SEAMSTONE_CRASH_KILLS")
      ?? (TestSettings.isLong ? 1_000 : 6)
    let seed = UInt64(TestSettings.number("SEAMSTONE_SEED") ?? Int(time(nil)))
    var random = SeededGenerator(seed: seed)
    let directory = try TemporaryDirectory()
    let path = directory.file("store.seam")
    let oracle = try CrashOracle(path: directory.file("oracle"))
    var checker = CrashChecker(path: path, oracle: oracle, seed: seed)
    var pointCount = 0
    var points: [NamedKillPoint: Int] = [:]
    for kill in 1...max(kills, 1) {
      if TestSettings.isTimeUp { kills = kill }
      do {
        var arguments = ["write", path, directory.file("oracle"), "\(seed)"]
        // Every third one dies at a call of its own, most of them much rarer than writes.
        let point = kill % 6 == 3 && CallRecorder.isAvailable ? KillPoint.random(&random) : nil
        if let point { arguments += point.arguments }
        if kill % 6 == 0, CallRecorder.isAvailable {
          try dieAtNamedPoint(&points, directory, seed, &random)
          try checker.check(random: &random, compacting: kill >= kills)
          if kill >= kills { break }
          continue
        }
        let child = try ChildProcess(arguments)
        if point == nil {
          waitForSomeMoment(of: child, oracle, &random)
          let wasRunning = child.isRunning
          child.kill()
          guard wasRunning else { throw ModelMismatch("the child ended: \(child.readAll())") }
        } else if waitForDeath(of: child) {
          pointCount += 1
        }
        try checker.check(random: &random, compacting: kill >= kills || kill % 25 == 0)
      } catch {
        Issue.record("kill \(kill), seed \(seed): \(error)")
        return
      }
      if kill == kills { break }
    }
    #expect(throws: Never.self, "seed \(seed)") {
      try checker.recall.require()
      try checker.graphRecall.require()
    }
    // Else the recall says little.
    #expect(checker.largestGraph >= (kills >= 50 ? 2_000 : 0), "seed \(seed)")
    print(
      """
      \(kills) kills (\(pointCount) of them before a certain call, \(points.values.reduce(0, +)) at a named moment), \(checker.batchCount) batches acknowledged, largest graph \(checker.largestGraph), \
      recall \(checker.recall), merged into one graph \(checker.graphRecall), seed \(seed)
      """)
  }

  /// The moments that matter most are each reached, and what is left shows that it was this one.
  @Test(.enabled(if: CallRecorder.isAvailable), arguments: NamedKillPoint.allCases)
  func survivesKillsAtNamedMoments(_ point: NamedKillPoint) throws {
    let seed = TestSettings.seed ?? 77
    var random = SeededGenerator(seed: seed)
    let directory = try TemporaryDirectory()
    let oracle = try CrashOracle(path: directory.file("oracle"))
    var checker = CrashChecker(path: directory.file("store.seam"), oracle: oracle, seed: seed)
    for passing in point == .storeUnnamed ? [0] : [0, 2] {
      try die(at: point, passing: passing, directory, seed)
      try checker.check(random: &random, compacting: false)
    }
  }

  /// At one that this run has not been to, if there is one.
  private func dieAtNamedPoint(
    _ points: inout [NamedKillPoint: Int], _ directory: TemporaryDirectory, _ seed: UInt64,
    _ random: inout SeededGenerator
  ) throws {
    let all = NamedKillPoint.allCases.filter { $0 != .storeUnnamed }
    guard let point = all.min(by: { points[$0, default: 0] < points[$1, default: 0] }) else {
      return
    }
    try die(at: point, passing: Int.random(in: 0...3, using: &random), directory, seed)
    points[point, default: 0] += 1
  }

  private func die(
    at point: NamedKillPoint, passing: Int, _ directory: TemporaryDirectory, _ seed: UInt64
  ) throws {
    let path = directory.file("store.seam")
    let child = try ChildProcess([
      "point", path, directory.file("oracle"), "\(seed)", point.rawValue, "\(passing)",
    ])
    let died = waitForDeath(of: child)
    let story = child.readLine() ?? ""
    guard died, child.wait() == -SIGKILL else {
      throw ModelMismatch("\(point.rawValue) was not reached: \(story)")
    }
    let files = try PosixFileSystem().list(path + "/segments")
    var named: Set<String>?
    if try PosixFileSystem().exists(path + "/data.mdb") {
      var options = StoreFixture.options()
      options.readOnly = true
      let store = try Store.open(at: FilePath(path), options: options)
      defer { store.close() }
      named = Set(
        try store.statistics().collections.flatMap(\.segments)
          .map { SegmentFileName.segment($0.id).name })
    }
    if let problem = point.contradiction(story: story, files: files, named: named) {
      throw ModelMismatch("\(point.rawValue): \(problem)")
    }
  }

  /// Collections are converted to other encodings, other graphs and back, while they are written and searched:
  /// after every kill all is there, answers are right, and what was begun goes on and ends by itself.
  /// `SEAMSTONE_CONVERSION_KILLS` sets how often (3; `.ci/crash` 10).
  @Test func conversionsSurviveKillsAtRandomMoments() throws {
    var kills = max(1, TestSettings.number("SEAMSTONE_CONVERSION_KILLS") ?? 3)
    let seed = UInt64(TestSettings.number("SEAMSTONE_SEED") ?? Int(time(nil)))
    var random = SeededGenerator(seed: seed)
    let directory = try TemporaryDirectory()
    let path = directory.file("store.seam")
    let oracle = try CrashOracle(path: directory.file("oracle"))
    var checker = CrashChecker(path: path, oracle: oracle, seed: seed)
    checker.floor = 0.97
    var interrupted = 0
    for kill in 1...kills {
      if TestSettings.isTimeUp { kills = kill }
      do {
        let child = try ChildProcess(["convert", path, directory.file("oracle"), "\(seed)"])
        waitForAConversion(of: child, oracle, &random)
        let wasRunning = child.isRunning
        child.kill()
        guard wasRunning else { throw ModelMismatch("the child ended: \(child.readAll())") }
        if try checker.check(random: &random, compacting: false) { interrupted += 1 }
        if kill == kills || kill % 3 == 0 {
          try checker.checkThatConversionsEnd(random: &random)
        }
      } catch {
        Issue.record("kill \(kill), seed \(seed): \(error)")
        return
      }
      if kill == kills { break }
    }
    #expect(checker.recall.wide.isAtLeast(0.99), "seed \(seed): \(checker.recall)")
    #expect(interrupted >= kills / 5, "seed \(seed): kills hit no conversions")
    print(
      """
      \(kills) kills during conversions, \(interrupted) left one unfinished, \(oracle.finishedConversions) seen \
      to end, \(checker.batchCount) batches acknowledged, recall \(checker.recall), seed \(seed)
      """)
  }

  /// Most processes die some time after they have begun a conversion, some while they open the store.
  private func waitForAConversion(
    of child: ChildProcess, _ oracle: CrashOracle, _ random: inout SeededGenerator
  ) {
    if Int.random(in: 0..<6, using: &random) > 0 {
      let writer = Int.random(in: 0..<CrashWorkload.writers, using: &random)
      let before = oracle.startedConversion(writer)
      let goal = before + UInt64.random(in: 1...2, using: &random)
      while oracle.startedConversion(writer) < goal, child.isRunning { usleep(200) }
    }
    usleep(UInt32.random(in: 0..<200_000, using: &random))
  }

  /// Waits until it has killed itself; answers whether it did so in time. It is dead in any case.
  private func waitForDeath(of child: ChildProcess) -> Bool {
    for _ in 0..<10_000 where child.isRunning { usleep(1_000) }
    let hasDied = !child.isRunning
    child.kill()
    return hasDied
  }

  /// Some processes die while they open the store, most while they write, seal and merge. How far they get
  /// is measured in what they did, so that a slow machine sees the same kinds of moments.
  private func waitForSomeMoment(
    of child: ChildProcess, _ oracle: CrashOracle, _ random: inout SeededGenerator
  ) {
    let opened = oracle.opened
    if Int.random(in: 0..<5, using: &random) > 0 {
      while oracle.opened == opened, child.isRunning { usleep(1_000) }
      let goal = oracle.acknowledgedCount + UInt64.random(in: 0...30, using: &random)
      while oracle.acknowledgedCount < goal, child.isRunning { usleep(200) }
    }
    usleep(UInt32.random(in: 0..<60_000, using: &random))
  }
}
