import ObjectStorage
import StorageIO
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite(.enabled(if: ChildProcess.isSupported)) struct TwoProcessTests {
  private func fill(
    _ environment: LMDBEnvironment, _ range: Range<UInt64>, value: Float
  ) throws(StoreError) {
    try environment.write { (transaction) throws(StoreError) in
      let tables = try CollectionTables.create(number: 1, in: transaction)
      for docID in range {
        try tables.vectors(dimensions: 384)
          .put([Float](repeating: value, count: 384), docID: docID, in: transaction)
      }
    }
  }

  @Test func aReaderProcessKeepsItsSnapshotAndFollowsAMapThatGrew() throws {
    let directory = try TemporaryDirectory()
    let writer = try LMDBEnvironment.open(
      directory: directory.path, options: testOptions(mapSize: 32 << 20))
    try fill(writer, 0..<100, value: 1)
    let child = try ChildProcess(role: "reader", path: directory.path)
    #expect(child.meet())
    try fill(writer, 100..<9000, value: 2)
    #expect(child.meet())
    #expect(child.status() == 7)
  }

  @Test func aDeadReaderProcessIsClearedAway() throws {
    let directory = try TemporaryDirectory()
    let writer = try LMDBEnvironment.open(directory: directory.path, options: testOptions())
    try fill(writer, 0..<100, value: 1)
    let child = try ChildProcess(role: "dying reader", path: directory.path)
    #expect(child.meet())
    #expect(try writer.clearStaleReaders() == 0)
    #expect(child.meet())
    #expect(child.status() == 7)
    #expect(try writer.clearStaleReaders() == 1)
    #expect(try writer.clearStaleReaders() == 0)
  }

  @Test func whatWasCommittedSurvivesAKilledWriter() throws {
    let directory = try TemporaryDirectory()
    let child = try ChildProcess(role: "dying writer", path: directory.path)
    #expect(child.meet())
    #expect(child.status() == -SIGKILL)
    let environment = try LMDBEnvironment.open(directory: directory.path, options: testOptions())
    let tables = try CollectionTables.open(number: 1, in: environment)
    try environment.read { (transaction) throws(StoreError) in
      let vectors = tables.vectors(dimensions: 384)
      #expect(try vectors.docIDs(in: transaction).last == 99)
      #expect(try vectors.get(99, in: transaction)?[383] == 1)
    }
    try fill(environment, 100..<200, value: 1)
  }

  /// What the second process does. Alone it does nothing.
  @Test(.enabled(if: ChildProcess.request != nil)) func childRole() {
    guard let request = ChildProcess.request else { return }
    do throws(StoreError) {
      switch request.role {
      case "reader": _exit(try reader(request.path))
      case "dying reader":
        let environment = try LMDBEnvironment.open(
          directory: request.path, options: testOptions { $0.readOnly = true })
        let snapshot = try environment.beginRead()
        guard ChildProcess.meetParent(), ChildProcess.meetParent() else { _exit(1) }
        _exit(snapshot.transactionID > 0 ? 7 : 2)
      default:
        let environment = try LMDBEnvironment.open(directory: request.path, options: testOptions())
        try fill(environment, 0..<100, value: 1)
        let transaction = try environment.beginWrite()
        let tables = try CollectionTables.create(number: 1, in: transaction)
        for docID in 100..<5000 as Range<UInt64> {
          try tables.vectors(dimensions: 384)
            .put([Float](repeating: 1, count: 384), docID: docID, in: transaction)
        }
        _ = ChildProcess.meetParent()
        kill(getpid(), SIGKILL)
      }
    } catch {
      _exit(5)
    }
  }

  /// Reads with a small map, lets the writer process outgrow it, and reads again.
  private func reader(_ path: String) throws(StoreError) -> Int32 {
    let environment = try LMDBEnvironment.open(
      directory: path, options: testOptions(mapSize: 1 << 20) { $0.readOnly = true })
    let vectors = try CollectionTables.open(number: 1, in: environment).vectors(dimensions: 384)
    let old = try environment.beginRead()
    if try vectors.get(99, in: old)?[0] != 1 { return 1 }
    if !ChildProcess.meetParent() || !ChildProcess.meetParent() { return 2 }
    if try vectors.get(8999, in: old) != nil { return 3 }
    if try vectors.get(99, in: old)?[0] != 1 { return 4 }
    old.end()
    return try environment.read { (transaction) throws(StoreError) in
      try vectors.get(8999, in: transaction)?[383] == 2 ? 7 : 6
    }
  }
}
