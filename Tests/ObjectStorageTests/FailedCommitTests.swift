import ObjectStorage
import StorageIO
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Commits whose writes or syncs fail: the descriptors that LMDB writes to are exchanged for others.
@Suite(.enabled(if: access("/proc/self/fd", R_OK) == 0)) struct FailedCommitTests {
  /// LMDB's two descriptors of the data file: pages first, then meta pages (opened with O_DSYNC).
  private func descriptors(of path: String) throws -> (pages: Int32, meta: Int32) {
    let file = try PosixFileSystem().list("/proc/self/fd").compactMap { Int32($0) }.filter {
      guard let target = realpath("/proc/self/fd/\($0)", nil) else { return false }
      defer { free(target) }
      return String(cString: target) == path
    }
    let meta = file.filter { fcntl($0, F_GETFL) & O_DSYNC != 0 }
    let pages = file.filter { fcntl($0, F_GETFL) & O_DSYNC == 0 }
    return (try #require(pages.first), try #require(meta.first))
  }

  private func exchange(_ descriptor: Int32, for path: String, flags: Int32) throws -> Int32 {
    let kept = dup(descriptor)
    let other = open(path, flags | O_CLOEXEC)
    #expect(kept >= 0 && other >= 0)
    #expect(dup2(other, descriptor) == descriptor)
    close(other)
    return kept
  }

  private func restore(_ descriptor: Int32, from kept: Int32) {
    #expect(dup2(kept, descriptor) == descriptor)
    close(kept)
  }

  private func put(_ fixture: Fixture, _ id: ObjectID) throws(StoreError) {
    try fixture.environment.write { (transaction) throws(StoreError) in
      try fixture.tables.ids.put(id, docID: 1, in: transaction)
    }
  }

  private func has(_ fixture: Fixture, _ id: ObjectID) throws(StoreError) -> Bool {
    try fixture.environment.read { (transaction) throws(StoreError) in
      try fixture.tables.ids.docID(for: id, in: transaction) != nil
    }
  }

  @Test func aFullDiskLeavesNothingAndTheNextCommitWorks() throws {
    let fixture = try Fixture()
    try put(fixture, "before")
    let pages = try descriptors(of: fixture.directory.dataPath).pages
    let kept = try exchange(pages, for: "/dev/full", flags: O_RDWR)
    #expect(errorCode { try put(fixture, "lost") } == .noSpace)
    restore(pages, from: kept)
    try put(fixture, "after")
    #expect(try has(fixture, "before"))
    #expect(try has(fixture, "after"))
    #expect(try !has(fixture, "lost"))
    #expect(fixture.environment.transactionLoad.open == 0)
  }

  @Test func anIOErrorIsAnUnknownOutcome() throws {
    let fixture = try Fixture()
    try put(fixture, "before")
    let pages = try descriptors(of: fixture.directory.dataPath).pages
    let kept = try exchange(pages, for: fixture.directory.dataPath, flags: O_RDONLY)
    #expect(errorCode { try put(fixture, "lost") } == .outcomeUnknown)
    restore(pages, from: kept)
    #expect(try has(fixture, "before"))
  }

  @Test func aFailedMetaWriteIsAnUnknownOutcomeAndEndsAllWork() throws {
    let fixture = try Fixture()
    try put(fixture, "before")
    let meta = try descriptors(of: fixture.directory.dataPath).meta
    let kept = try exchange(meta, for: "/dev/full", flags: O_RDWR)
    #expect(errorCode { try put(fixture, "lost") } == .outcomeUnknown)
    #expect(errorCode { try put(fixture, "refused") } == .poisoned)
    #expect(errorCode { _ = try fixture.environment.beginRead() } == .poisoned)
    restore(meta, from: kept)
    try fixture.environment.close()
    let again = try LMDBEnvironment.open(directory: fixture.directory.path, options: testOptions())
    let tables = try CollectionTables.open(number: 1, in: again)
    try again.read { (transaction) throws(StoreError) in
      #expect(try tables.ids.docID(for: "before", in: transaction) == 1)
      #expect(try tables.ids.docID(for: "refused", in: transaction) == nil)
    }
  }
}
