import StorageIO
import StoreModel
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

  /// Damages the record of an object behind the store's back.
  private func damageObject(_ bench: StoreBench) throws -> ObjectID {
    let collection = try #require(bench.state)
    let transaction = try bench.store.core.environment.beginWrite()
    let docID = try #require(try collection.tables.ids.docID(for: 5, in: transaction))
    let key = withUnsafeBytes(of: docID) { Array($0) }
    try BytesTable(table: collection.tables.objects.table).put(key, [1, 2, 3], in: transaction)
    try transaction.commit()
    return 5
  }

  /// An index that cannot be made because of one object holds up nothing else.
  @Test(arguments: [true, false])
  func aDamagedObjectStopsOnlyTheIndexes(manual: Bool) throws {
    let options = StoreFixture.options(manual: manual)
    let bench = try StoreBench(seed: 6, options: StoreFixture.options())
    try bench.fill()
    let other = try bench.store.collection(
      "zz", StoreFixture.configuration(dimensions: 2, metric: .dot))
    let damaged = try damageObject(bench)
    try bench.reopen(options: options)
    for path in ["n", "other"] as [PropertyPath] {
      let error = #expect(throws: StoreError.self) {
        try bench.collection.createPropertyIndex(path)
      }
      #expect(error?.code == .corruption)
    }
    try bench.upsert(1_000..<1_200)
    try bench.store.collection("zz").upsert(
      (0..<300).map { VectorObject(id: .int($0), vector: [1, Float($0)]) })
    if manual {
      let error = #expect(throws: StoreError.self) { try bench.store.compact(full: true) }
      #expect(error?.code == .corruption)
      #expect(throws: StoreError.self) { try bench.store.runBackgroundWork() }
    } else {
      #expect(waitUntil { (try? bench.store.statistics())?.collections[0].failure != nil })
      #expect(waitUntil { bench.state?.tail.liveCount == 0 || bench.store.compactor.isAtRest(1) })
      #expect(throws: StoreError.self) { try bench.store.compact(full: true) }
      #expect(try bench.store.statistics().collections[0].lastConversionError == nil)
    }
    #expect(bench.state?.segments.count == 1 && bench.state?.tail.liveCount == 0)
    let figures = try bench.store.statistics().collections
    #expect(figures[1].segments.count == 1 && figures[1].tail == 0)
    // One can get rid of the indexes, and of the object.
    try bench.collection.dropPropertyIndex("other")
    #expect(bench.state?.propertyIndexes.entries.count == 1)
    try bench.collection.delete(ids: [damaged])
    try bench.collection.createPropertyIndex("n")
    #expect(try bench.collection.propertyIndexes == [PropertyIndex(path: "n", isComplete: true)])
    try bench.store.compact()
    _ = other
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

  /// Deleting is how one gets rid of a damaged object, also where indexes would need its properties.
  @Test func aDamagedObjectCanBeDeletedAndReplaced() throws {
    let bench = try bench()
    let state = try #require(bench.state)
    let transaction = try bench.store.core.environment.beginWrite()
    for id in [3, 10] {
      let docID = try #require(
        try state.tables.ids.docID(for: .int(Int64(id)), in: transaction))
      // Not a record, with the checksum of a good one.
      let nonsense: [UInt8] = [255]
      try nonsense.withUnsafeBytes {
        try state.tables.objects.table.put(docID, $0, in: transaction)
      }
    }
    try transaction.commit()
    try bench.reopen()
    let count = try bench.collection.count()
    for id in [3, 10] as [ObjectID] {
      let error = #expect(throws: StoreError.self) { try bench.collection.get(id) }
      #expect(error?.code == .corruption)
    }
    #expect(try bench.collection.delete(ids: [3]) == 1)
    try bench.upsert(10..<11)
    bench.model.delete([3])
    #expect(try bench.collection.count() == count - 1)
    #expect(try bench.collection.get(3) == nil)
    // The entries that stay name versions that are gone: no search finds them.
    for n in 0..<7 {
      let filter: Filter = .equal("n", .int(Int64(n)))
      let found = try bench.collection.search(near: bench.vector(), limit: 500, where: filter)
      let expected = bench.model.entries.filter { $0.value.properties["n"] == .int(Int64(n)) }
      #expect(Set(found.map(\.id)) == Set(expected.keys), "n = \(n)")
    }
    try bench.check(queries: 2)
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
