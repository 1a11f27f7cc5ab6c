import ObjectStorage
import StorageIO
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct EnvironmentTests {
  @Test func aSecondOpenInTheProcessIsRefused() throws {
    let fixture = try Fixture()
    let link = fixture.directory.path + "-link"
    #expect(symlink(fixture.directory.path, link) == 0)
    defer { unlink(link) }
    for path in [fixture.directory.path, link, fixture.directory.path + "/."] {
      #expect(errorCode { _ = try LMDBEnvironment.open(directory: path) } == .locked, "\(path)")
    }
    try fixture.environment.close()
    let again = try LMDBEnvironment.open(directory: fixture.directory.path, options: testOptions())
    try again.close()
    try again.close()
  }

  @Test func anEnvironmentThatGoesAwayMayBeOpenedAgain() throws {
    let directory = try TemporaryDirectory()
    for _ in 0..<3 {
      _ = try LMDBEnvironment.open(directory: directory.path, options: testOptions())
    }
  }

  /// On a full disk the system would kill a process whose 63rd reader touches the second page of the table.
  @Test(.enabled(if: access("/proc", R_OK) == 0)) func theTableOfReadersHasItsPlaceOnTheDisk()
    throws
  {
    let fixture = try Fixture()
    var status = stat()
    #expect(stat(fixture.directory.path + "/lock.mdb", &status) == 0)
    #expect(Int(status.st_size) >= 64 * fixture.environment.options.maxReaders)
    #expect(Int(status.st_blocks) * 512 >= Int(status.st_size), "the file has holes")
  }

  @Test func aMissingDirectoryIsNotFound() {
    #expect(errorCode { _ = try LMDBEnvironment.open(directory: "/nonexistent/x") } == .notFound)
  }

  @Test func aClosedEnvironmentRefusesEverything() throws {
    let fixture = try Fixture()
    try fixture.environment.close()
    #expect(errorCode { _ = try fixture.environment.beginRead() } == .closed)
    #expect(errorCode { _ = try fixture.environment.beginWrite() } == .closed)
    #expect(errorCode { try fixture.environment.sync() } == .closed)
    #expect(errorCode { _ = try fixture.environment.clearStaleReaders() } == .closed)
    #expect(errorCode { try fixture.environment.grow(to: 1 << 30) } == .closed)
    #expect(errorCode { _ = try fixture.environment.statistics() } == .closed)
  }

  @Test func closingWaitsForTransactionsAndNamesThem() throws {
    let fixture = try Fixture()
    let snapshot = try fixture.environment.beginRead()
    #expect(errorCode { try fixture.environment.close(waiting: 0.05) } == .locked)
    #expect(errorCode { _ = try fixture.environment.beginRead() } == .closed)
    #expect(try fixture.tables.ids.count(in: snapshot) == 0)
    snapshot.end()
    try fixture.environment.close(waiting: 1)
  }

  /// Closing gave up waiting: the transaction that ends last closes the files in its place.
  @Test func theLastTransactionToEndClosesTheFiles() throws {
    for isWriting in [false, true] {
      let fixture = try Fixture()
      let path = fixture.directory.path
      let snapshot = try fixture.environment.beginRead()
      let writing = isWriting ? try fixture.environment.beginWrite() : nil
      #expect(errorCode { try fixture.environment.close(waiting: 0) } == .locked)
      #expect(errorCode { _ = try LMDBEnvironment.open(directory: path) } == .locked)
      snapshot.end()
      if let writing {
        #expect(errorCode { _ = try LMDBEnvironment.open(directory: path) } == .locked)
        writing.abort()
      }
      let again = try LMDBEnvironment.open(directory: path, options: testOptions())
      let tables = try CollectionTables.open(number: 1, in: again)
      try again.read { (transaction) throws(StoreError) in
        #expect(try tables.ids.count(in: transaction) == 0)
      }
      try fixture.environment.close()
      try again.close()
    }
  }

  /// The map is being grown when the environment is closed: whoever is last closes it all the same.
  @Test func closingWhileTheMapGrowsReleasesTheFiles() throws {
    let fixture = try Fixture()
    let snapshot = try fixture.environment.beginRead()
    let environment = fixture.environment
    let growing = try PosixThread.start(name: "growing") {
      #expect(errorCode { try environment.grow(to: 1 << 30, waiting: 20) } == .closed)
    }
    // Whether the gate is shut by then or not, the outcome must be the same.
    usleep(30_000)
    #expect(errorCode { try environment.close(waiting: 0) } == .locked)
    snapshot.end()
    growing.join()
    let again = try LMDBEnvironment.open(directory: fixture.directory.path, options: testOptions())
    try again.close()
  }

  @Test func aForkedChildIsRefusedAndLeavesTheParentAlone() throws {
    let fixture = try Fixture()
    let snapshot = try fixture.environment.beginRead()
    let child = fork()
    if child == 0 {
      alarm(20)  // rather than hang, if another thread held a lock of the runtime at the fork
      let read = errorCode { _ = try fixture.environment.beginRead() }
      let write = errorCode { _ = try fixture.environment.beginWrite() }
      snapshot.end()
      try? fixture.environment.close()
      _exit(read == .notSupported && write == .notSupported ? 7 : 1)
    }
    var status: Int32 = 0
    #expect(waitpid(child, &status, 0) == child)
    #expect(status >> 8 & 0xFF == 7)
    #expect(try fixture.environment.statistics().readers >= 1)
    snapshot.end()
    try fixture.environment.write { (transaction) throws(StoreError) in
      try fixture.tables.ids.put(1, docID: 1, in: transaction)
    }
  }

  @Test(.enabled(if: access("/proc/self/fd", R_OK) == 0)) func programsThatAreStartedInheritNoFile()
    throws
  {
    let fixture = try Fixture()
    let directory = fixture.directory.path
    var names: [String] = []
    for descriptor in Int32(0)..<4_096 where fcntl(descriptor, F_GETFD) >= 0 {
      var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      let length = readlink("/proc/self/fd/\(descriptor)", &path, path.count - 1)
      let name = String(
        decoding: path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard name.hasPrefix(directory) else { continue }
      names.append(name)
      #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0, "\(name)")
    }
    #expect(names.contains { $0.hasSuffix("data.mdb") })
    #expect(names.contains { $0.hasSuffix("lock.mdb") })
  }

  @Test func readerSlotsRunOutWithAnError() throws {
    let fixture = try Fixture(options: testOptions { $0.maxReaders = 8 })
    var open: [ReadTransaction] = []
    var code: StoreError.Code?
    for _ in 0..<20 where code == nil {
      code = errorCode { open.append(try fixture.environment.beginRead()) }
    }
    #expect(code == .limitExceeded)
    #expect(open.count >= 7)
    for transaction in open { transaction.end() }
    try fixture.environment.read { (_) throws(StoreError) in }
    #expect(fixture.environment.transactionLoad.open == 0)
  }

  @Test func handlesRunOutWithAnError() throws {
    let fixture = try Fixture(options: testOptions { $0.maxDatabases = 12 })
    let code = errorCode {
      for number in 2...9 as ClosedRange<UInt32> {
        _ = try fixture.environment.write { (transaction) throws(StoreError) in
          try CollectionTables.create(number: number, in: transaction)
        }
      }
    }
    #expect(code == .limitExceeded)
    try fixture.environment.write { (transaction) throws(StoreError) in
      try fixture.tables.ids.put(1, docID: 1, in: transaction)
    }
  }

  @Test func aReadOnlyEnvironmentReadsAndRefusesWrites() throws {
    let fixture = try Fixture()
    try fixture.environment.write { (transaction) throws(StoreError) in
      try fixture.tables.ids.put("a", docID: 4, in: transaction)
    }
    try fixture.environment.close()
    let reader = try LMDBEnvironment.open(
      directory: fixture.directory.path, options: testOptions { $0.readOnly = true })
    #expect(errorCode { _ = try reader.beginWrite() } == .readOnly)
    #expect(errorCode { _ = try CollectionTables.open(number: 2, in: reader) } == .notFound)
    let tables = try CollectionTables.open(number: 1, in: reader)
    try reader.read { (transaction) throws(StoreError) in
      #expect(try tables.ids.docID(for: "a", in: transaction) == 4)
    }
  }

  @Test func copiesOpenAndHoldTheSame() throws {
    for compacting in [false, true] {
      let fixture = try Fixture()
      try fixture.environment.write { (transaction) throws(StoreError) in
        try fixture.tables.ids.put("a", docID: 4, in: transaction)
      }
      let target = try TemporaryDirectory()
      try fixture.environment.copy(to: target.path, compacting: compacting)
      let copy = try LMDBEnvironment.open(directory: target.path, options: testOptions())
      let tables = try CollectionTables.open(number: 1, in: copy)
      try copy.read { (transaction) throws(StoreError) in
        #expect(try tables.ids.docID(for: "a", in: transaction) == 4)
      }
    }
  }
}
