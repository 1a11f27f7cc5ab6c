import StorageIO
import StoreModel
import Synchronization
import TestSupport
import Testing

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A backup is one version of the store, made while writes go on; it can be interrupted, repeated and restored.
@Suite struct BackupTests {
  private func code(_ body: () throws -> Void) -> StoreError.Code? {
    do {
      try body()
      return nil
    } catch {
      return (error as? StoreError)?.code
    }
  }

  /// Restores, compares every object and search with the model, and gives the place up again.
  private func checkRestored(_ backup: String, _ bench: StoreBench, _ name: String) throws {
    let target = FilePath(bench.directory.file(name))
    try Store.restore(from: FilePath(backup), to: target)
    #expect(try Store.verify(at: target, deep: true).findings == [])
    let store = try Store.open(at: target, options: StoreFixture.options())
    defer { store.close() }
    let comparison = ModelComparison(try store.collection("things"), bench.model)
    _ = try comparison.checkAll(
      queries: 5, random: &bench.random, dimensions: bench.dimensions)
  }

  @Test func aBackupIsRestoredAsItWas() throws {
    let bench = try StoreBench(seed: 1)
    try bench.fill()
    let backup = bench.directory.file("backup")
    let phases = Mutex<[BackupProgress.Phase]>([])
    let report = try bench.store.backup(to: FilePath(backup), verifying: true) { progress in
      #expect(progress.completedBytes <= progress.totalBytes)
      phases.withLock { if $0.last != progress.phase { $0.append(progress.phase) } }
    }
    #expect(phases.withLock { $0 } == [.objects, .segments, .verifying])
    let segments = bench.state?.segments.count ?? 0
    #expect(report.linkedSegments == segments && report.reusedSegments == 0 && segments > 1)
    #expect(report.verification?.findings == [] && (report.verification?.samples ?? 0) > 20)
    #expect(report.objectBytes > 0)
    try checkRestored(backup, bench, "restored.seam")
    // The backup is still there, and the store too.
    try checkRestored(backup, bench, "again.seam")
    try bench.check()
  }

  @Test func segmentsThatAreThereAreNotCopiedAgain() throws {
    let files = FaultInjectingFileSystem()
    files.refuseLinks()
    let bench = try StoreBench(seed: 2, fileSystem: files)
    try bench.fill()
    let backup = bench.directory.file("backup")
    let first = try bench.store.backup(to: FilePath(backup))
    #expect(first.copiedSegments > 1 && first.linkedSegments == 0 && first.copiedSegmentBytes > 0)
    try bench.upsert(1_000..<1_010)
    let second = try bench.store.backup(to: FilePath(backup), verifying: true)
    #expect(second.reusedSegments == first.copiedSegments && second.copiedSegments == 0)
    #expect(second.version > first.version && second.verification?.findings == [])
    // What the store has merged away goes when nothing names it any more.
    try bench.collection.compact(full: true)
    let third = try bench.store.backup(to: FilePath(backup), verifying: true)
    #expect(third.copiedSegments == 1 && third.reusedSegments == 0)
    #expect(try PosixFileSystem().list(backup + "/segments").count == 1)
    #expect(
      try PosixFileSystem().list(backup).filter { $0 != "lock.mdb" }
        == ["backup.seam", "data.mdb", "segments", "writer.lock"])
    try checkRestored(backup, bench, "restored.seam")
  }

  /// Batches of ten: a backup has all of a batch or nothing, and every batch that was acknowledged before it began.
  @Test func writesAndCompactionGoOn() throws {
    let bench = try StoreBench(seed: 3, options: StoreFixture.options(manual: false))
    try bench.upsert(0..<200)
    let collection = bench.collection
    let written = Mutex(20)
    let isDone = Mutex(false)
    let thread = try PosixThread.start(name: "writer") {
      var batch = 20
      // Not as fast as it can: what is copied and checked meanwhile must not grow without end.
      while !isDone.withLock({ $0 }), batch < 400 {
        usleep(5_000)
        let objects = (batch * 10..<batch * 10 + 10).map { id in
          let vector = (0..<8).map { Float((id * 31 + $0 * 7) % 101) }
          return VectorObject(
            id: .int(Int64(id)), vector: vector, properties: ["n": .int(Int64(id % 7))])
        }
        try? collection.upsert(objects)
        batch += 1
        written.withLock { $0 = batch }
      }
    }
    let backup = bench.directory.file("backup")
    for round in 0..<5 {
      let before = written.withLock { $0 }
      if round % 3 == 1 { try collection.compact(full: true) }
      let report = try bench.store.backup(to: FilePath(backup), verifying: true)
      #expect(report.verification?.findings == [], "round \(round)")
      #expect(report.missingSegments == 0)
      var options = StoreFixture.options()
      options.readOnly = true
      let copy = try Store.open(at: FilePath(backup), options: options)
      let count = try copy.collection("things").count()
      #expect(count >= before * 10 && count % 10 == 0, "round \(round)")
      copy.close()
    }
    isDone.withLock { $0 = true }
    thread.join()
    // What was held back is unlinked.
    try bench.store.runBackgroundWork()
    let isTidy = waitUntil { (try? bench.files().count) == bench.state?.segments.count }
    #expect(isTidy)
  }

  @Test func placesThatAreSomethingElseAreRefused() throws {
    let bench = try StoreBench(seed: 4)
    try bench.upsert(0..<100)
    let files = PosixFileSystem()
    func refusal(_ path: String) -> StoreError.Code? {
      code { try bench.store.backup(to: FilePath(path)) }
    }
    #expect(refusal(bench.path.string + "/backup") == .invalidArgument)
    #expect(refusal(bench.path.string + "/segments/../x/y") == .invalidArgument)
    #expect(refusal(bench.path.string) == .invalidArgument)
    let link = bench.directory.file("link")
    #expect(symlink(bench.path.string, link) == 0)
    #expect(refusal(link + "/backup") == .invalidArgument)
    let other = try StoreBench(seed: 5)
    #expect(refusal(other.path.string) == .alreadyExists)
    other.store.close()
    #expect(refusal(other.path.string) == .alreadyExists)
    let folder = bench.directory.file("folder")
    try files.makeDirectory(folder)
    try DamagedStore.write([1], to: folder + "/letter.txt")
    #expect(refusal(folder) == .alreadyExists)
    #expect(try files.list(folder) == ["letter.txt"])
    #expect(refusal(folder + "/letter.txt") == .alreadyExists)
    let backup = bench.directory.file("backup")
    try bench.store.backup(to: FilePath(backup))
    let lock = try files.lock(backup + "/writer.lock")
    #expect(refusal(backup) == .locked)
    #expect(
      code {
        try Store.restore(from: FilePath(backup), to: FilePath(bench.directory.file("r")))
      } == .locked)
    lock.release()
    // Writes to a backup would be undone by the next one.
    #expect(code { _ = try Store.open(at: FilePath(backup)) } == .notSupported)
    try DamagedStore.write(Array("seamstone backup 2\n".utf8), to: backup + "/backup.seam")
    #expect(refusal(backup) == .formatTooNew)
    try DamagedStore.write(Array("hello\n".utf8), to: backup + "/backup.seam")
    #expect(refusal(backup) == .foreignFile)
  }

  @Test func restoringNeedsABackupAndAFreePlace() throws {
    let bench = try StoreBench(seed: 6)
    try bench.fill(200)
    let backup = bench.directory.file("backup")
    try bench.store.backup(to: FilePath(backup))
    func refusal(_ source: String, _ target: String) -> StoreError.Code? {
      code { try Store.restore(from: FilePath(source), to: FilePath(target)) }
    }
    let free = bench.directory.file("free.seam")
    #expect(refusal(bench.path.string, free) == .invalidArgument)
    #expect(refusal(bench.directory.file("nowhere"), free) == .notFound)
    #expect(refusal(backup, bench.path.string) == .alreadyExists)
    #expect(refusal(backup, backup) == .alreadyExists)
    #expect(code { _ = try Store.verifyBackup(at: bench.path) } == .invalidArgument)
    // A restore that was killed: the place is no store, and the next one finishes it.
    try PosixFileSystem().makeDirectory(free + "/segments")
    try DamagedStore.write([1, 2, 3], to: free + "/data.mdb.restoring")
    #expect(code { _ = try Store.open(at: FilePath(free)) } == .notFound)
    try checkRestored(backup, bench, "free.seam")
    #expect(refusal(backup, free) == .alreadyExists)
    // A first backup that was killed.
    let unfinished = bench.directory.file("unfinished")
    try PosixFileSystem().makeDirectory(unfinished)
    try DamagedStore.write(Array("seamstone backup 1\n".utf8), to: unfinished + "/backup.seam")
    #expect(refusal(unfinished, bench.directory.file("r")) == .notFound)
    try bench.store.backup(to: FilePath(unfinished))
    try checkRestored(unfinished, bench, "r")
  }

  /// Each file operation fails in turn: the backup before stays whole, and the next attempt succeeds.
  @Test func afterAnyFailureTheBackupBeforeIsThere() throws {
    let files = FaultInjectingFileSystem()
    files.refuseLinks()
    let bench = try StoreBench(seed: 7, fileSystem: files)
    try bench.fill(200)
    let backup = bench.directory.file("backup")
    try bench.store.backup(to: FilePath(backup))
    var failures = 0
    for number in stride(from: 0, to: 1_000, by: 9) {
      // Something new for each attempt to copy.
      try bench.upsert(0..<60)
      try bench.collection.compact(full: true)
      let armed = files.calls.count + number
      files.fail(after: number, fault: .tear(.io), failsForEver: number % 2 == 0)
      let failed = code { try bench.store.backup(to: FilePath(backup)) }
      let wasReached = files.calls.count > armed
      files.fail(after: .max / 2)
      guard wasReached else { break }
      if failed != nil { failures += 1 }
      #expect(
        try Store.verifyBackup(at: FilePath(backup)).findings.allSatisfy { $0.part == .segment },
        "call \(number)")
      if number % 45 == 0 {
        try bench.store.backup(to: FilePath(backup), verifying: true)
        try checkRestored(backup, bench, "restored-\(number)")
      }
    }
    #expect(failures > 3, "\(failures)")
    let last = try bench.store.backup(to: FilePath(backup), verifying: true)
    #expect(last.verification?.findings == [])
    try checkRestored(backup, bench, "last")
  }

  @Test func aSegmentThatIsMissingIsNoReasonToStop() throws {
    let bench = try StoreBench(seed: 8)
    try bench.fill(200)
    guard let entry = bench.state?.segments.first?.entry else { return }
    unlink(StorePaths(bench.path.string).segment(entry.number))
    let backup = bench.directory.file("backup")
    let report = try bench.store.backup(to: FilePath(backup))
    #expect(report.missingSegments == 1)
    let target = FilePath(bench.directory.file("restored"))
    #expect(try Store.restore(from: FilePath(backup), to: target).missingSegments == 1)
    #expect(try Store.repair(at: target).isSound)
  }

  /// A backup that was changed behind our backs is found out by its answers.
  @Test func theCheckFindsABackupThatAnswersOtherwise() throws {
    let bench = try StoreBench(seed: 9)
    try bench.fill(200)
    let other = try StoreBench(seed: 10)
    try other.fill(200)
    let backup = bench.directory.file("backup")
    try bench.store.backup(to: FilePath(backup))
    let before = try other.store.snapshot()
    let after = try other.store.snapshot()
    var report = VerificationReport()
    try BackupComparison(before: before, after: after, backup: FilePath(backup)).run(&report)
    #expect(report.findings.count > 10 && report.findings.allSatisfy { !$0.remedy.isEmpty })
  }
}
