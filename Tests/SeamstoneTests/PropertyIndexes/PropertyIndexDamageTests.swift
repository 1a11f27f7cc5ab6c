import StorageIO
import TestSupport
import Testing

@testable import ObjectStorage
@testable import Seamstone

/// An index that does not say what the objects say is found by `verify`; one that cannot be read is done
/// without.
@Suite struct PropertyIndexDamageTests {
  private func bench() throws -> StoreBench {
    let bench = try StoreBench(seed: 5)
    try bench.fill()
    try bench.collection.createPropertyIndex("n")
    return bench
  }

  /// Changes the table of postings behind the store's back.
  private func tamper(
    _ bench: StoreBench,
    _ body: (PostingTable, WriteTransaction, [UInt8]) throws(StoreError) -> Void
  ) throws {
    let collection = try #require(bench.state)
    let postings = try #require(collection.tables.postings)
    let entry = try #require(collection.propertyIndexes.entry("n"))
    let term = try #require(entry.encoder.term(.int(3), isElement: false))
    let transaction = try bench.store.core.environment.beginWrite()
    try body(postings, transaction, term)
    try transaction.commit()
    try bench.reopen()
  }

  @Test(arguments: [true, false])
  func aMissingOrStrangeEntryIsFound(isMissing: Bool) throws {
    let bench = try bench()
    #expect(try bench.store.verify(deep: true).findings.isEmpty)
    try tamper(bench) { (postings, transaction, term) throws(StoreError) in
      var members = DocIDSetBuilder()
      try postings.collect(term, into: &members, in: transaction)
      var wanted: UInt64 = 0
      members.finish().forEachListed { docID in
        wanted = docID
        return false
      }
      // Of an object that has the value, or of one that has another.
      if !isMissing { wanted += 1 }
      try postings.change(
        term, block: wanted >> 13, [PostingChange(docID: wanted, isMember: !isMissing)],
        in: transaction)
    }
    let findings = try bench.store.verify(deep: true).findings
    #expect(findings.count == 1 && findings.first?.message.contains("The index on n") == true)
    #expect(findings.first?.remedy.contains("create it again") == true)
    try bench.collection.dropPropertyIndex("n")
    try bench.collection.createPropertyIndex("n")
    #expect(try bench.store.verify(deep: true).findings.isEmpty)
  }

  @Test func recordsOfNoIndexAreFound() throws {
    let bench = try bench()
    try tamper(bench) { (postings, transaction, _) throws(StoreError) in
      let change = [PostingChange(docID: 7, isMember: true)]
      try postings.change([0, 0, 0, 9, 0], block: 0, change, in: transaction)
      try postings.change([0, 0, 0, 1, 99], block: 0, change, in: transaction)
    }
    #expect(try bench.store.verify(deep: false).findings.count == 2)
  }

  @Test func searchesDoWithoutAnIndexThatCannotBeRead() throws {
    let bench = try bench()
    let filter: Filter = Field("n") == 3
    let query = bench.vector()
    let before = try bench.collection.search(near: query, limit: 500, where: filter)
    #expect(before.count > 20)
    try tamper(bench) { (postings, transaction, term) throws(StoreError) in
      // Seven bytes are neither offsets nor a bitmap; the checksum is that of a good record.
      let key = BytesTable(table: postings.table)
      try key.put(term + [0, 0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6, 7], in: transaction)
    }
    #expect(try bench.collection.search(near: query, limit: 500, where: filter) == before)
    #expect(
      try bench.collection.search(near: query, limit: 500, where: filter, exact: true) == before)
    #expect(try bench.store.verify(deep: false).findings.count == 1)
    // Writing goes on; the index is made anew.
    #expect(try bench.collection.delete(where: filter) == before.count)
    #expect(try bench.collection.propertyIndexes == [PropertyIndex(path: "n", isComplete: false)])
    try bench.store.runBackgroundWork()
    #expect(try bench.collection.propertyIndexes == [PropertyIndex(path: "n", isComplete: true)])
    #expect(try bench.store.verify(deep: true).findings.isEmpty)
  }
}
