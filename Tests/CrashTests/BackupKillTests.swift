import Seamstone
import StoreModel
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A process that makes backups is killed at random moments: the last finished backup stays usable, and the next one
/// can be made.
@Suite struct BackupKillTests {
  @Test func theLastFinishedBackupSurvivesAKill() throws {
    let seed = TestSettings.seed ?? 11
    var random = SeededGenerator(seed: seed)
    let directory = try TemporaryDirectory()
    let store = directory.file("store.seam")
    let backup = directory.file("backup")
    var finished = 0
    for kill in 0..<5 {
      let child = try ChildProcess(["backup", store, backup])
      // Kills fall before, in and after backups.
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        guard let line = child.readLine() else { break }
        if line.hasPrefix("done ") { finished = max(finished, Int(line.dropFirst(5)) ?? 0) }
      }
      usleep(UInt32.random(in: 0..<8_000, using: &random))
      child.kill()
      for line in child.readAll() where line.hasPrefix("done ") {
        finished = max(finished, Int(line.dropFirst(5)) ?? 0)
      }
      guard finished > 0 else { continue }
      let what: Comment = "kill \(kill), seed \(seed), \(finished) objects"
      #expect(try Store.verifyBackup(at: FilePath(backup)).findings == [], what)
      let restored = FilePath(directory.file("restored-\(kill)"))
      try Store.restore(from: FilePath(backup), to: restored)
      let copy = try Store.open(at: restored, options: StoreFixture.options())
      let count = try copy.collection("things").count()
      #expect(count >= finished && count % 40 == 0, what)
      copy.close()
    }
    #expect(finished > 0)
  }
}
