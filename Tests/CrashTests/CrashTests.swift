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
/// nothing may be there in part. `SEAMSTONE_CRASH_KILLS` sets how often (50), `SEAMSTONE_SEED`
/// replays the workload of a failure (not the moments of the kills).
@Suite struct CrashTests {
  private static func number(_ name: String) -> Int? {
    getenv(name).flatMap { Int(String(cString: $0)) }
  }

  @Test func survivesKillsAtRandomMoments() throws {
    let kills =
      Self.number("SEAMSTONE_CRASH_KILLS")
      ?? (Self.number("SEAMSTONE_LONG_TESTS") == nil ? 50 : 1_000)
    let seed = UInt64(Self.number("SEAMSTONE_SEED") ?? Int(time(nil)))
    var random = SeededGenerator(seed: seed)
    let directory = try TemporaryDirectory()
    let path = directory.file("store.seam")
    let oracle = try CrashOracle(path: directory.file("oracle"))
    var checker = CrashChecker(path: path, oracle: oracle, seed: seed)
    for kill in 1...max(kills, 1) {
      do {
        let child = try ChildProcess(["write", path, directory.file("oracle"), "\(seed)"])
        // Some die while they open the store, most while they write, seal and merge.
        let opened = oracle.opened
        if Int.random(in: 0..<5, using: &random) > 0 {
          while oracle.opened == opened, child.isRunning { usleep(1_000) }
        }
        usleep(UInt32.random(in: 0..<250_000, using: &random))
        let wasRunning = child.isRunning
        child.kill()
        guard wasRunning else { throw ModelMismatch("the child ended: \(child.readAll())") }
        try checker.check(random: &random)
      } catch {
        Issue.record("kill \(kill), seed \(seed): \(error)")
        return
      }
    }
    #expect(checker.batchCount > 0)
    #expect(throws: Never.self, "seed \(seed)") { try checker.recall.require(0.99) }
    print("\(kills) kills, \(checker.batchCount) batches, recall \(checker.recall), seed \(seed)")
  }
}
