import ObjectStorage
import StorageIO
import TestSupport
import Testing

@Suite struct TransactionTests {
  @Test func aSnapshotStaysWhatItWas() throws {
    let fixture = try Fixture()
    let ids = fixture.tables.ids
    try fixture.environment.write { (transaction) throws(StoreError) in
      try ids.put("a", docID: 1, in: transaction)
    }
    let before = try fixture.environment.beginRead()
    var written: UInt64 = 0
    try fixture.environment.write { (transaction) throws(StoreError) in
      written = transaction.transactionID
      try ids.put("a", docID: 2, in: transaction)
      #expect(try ids.docID(for: "a", in: transaction) == 2)
    }
    let after = try fixture.environment.beginRead()
    #expect(try ids.docID(for: "a", in: before) == 1)
    #expect(try ids.docID(for: "a", in: after) == 2)
    #expect(after.transactionID == written)
    #expect(before.transactionID == written - 1)
    before.end()
    after.end()
    before.end()
    #expect(errorCode { _ = try ids.docID(for: "a", in: before) } == .closed)
    #expect(fixture.environment.transactionLoad.open == 0)
  }

  @Test func endedTransactionsAreReusedOnTheNewestVersion() throws {
    let fixture = try Fixture()
    let vectors = fixture.tables.vectors(dimensions: 384)
    var first: ReadTransaction? = try fixture.environment.beginRead()
    let identity = ObjectIdentifier(try #require(first))
    #expect(try vectors.get(1, in: try #require(first)) == nil)
    first?.end()
    for round in 1...5 as ClosedRange<UInt64> {
      try fixture.environment.write { (transaction) throws(StoreError) in
        try vectors.put([Float](repeating: Float(round), count: 384), docID: round, in: transaction)
      }
      let again = try fixture.environment.beginRead()
      #expect(ObjectIdentifier(again) == identity)
      #expect(try vectors.get(round, in: again)?[383] == Float(round))
      again.end()
    }
    first = nil
  }

  @Test func nothingOfAFailedBatchStays() throws {
    let fixture = try Fixture()
    let ids = fixture.tables.ids
    let code = errorCode {
      try fixture.environment.write { (transaction) throws(StoreError) in
        try ids.put("a", docID: 1, in: transaction)
        try ids.put("", docID: 2, in: transaction)
      }
    }
    #expect(code == .invalidArgument)
    do {
      let dropped = try fixture.environment.beginWrite()
      try ids.put("b", docID: 1, in: dropped)
    }
    try fixture.environment.read { (transaction) throws(StoreError) in
      #expect(try ids.count(in: transaction) == 0)
    }
    let ended = try fixture.environment.beginWrite()
    try ended.commit()
    ended.abort()
    #expect(errorCode { try ended.commit() } == .closed)
    #expect(errorCode { try ids.put("c", docID: 1, in: ended) } == .closed)
  }

  @Test func aCollectionOfAnAbortedTransactionLeavesNothing() throws {
    let fixture = try Fixture()
    do {
      let transaction = try fixture.environment.beginWrite()
      _ = try CollectionTables.create(number: 2, in: transaction)
      transaction.abort()
    }
    #expect(
      errorCode { _ = try CollectionTables.open(number: 2, in: fixture.environment) } == .notFound)
    let tables = try fixture.environment.write { (transaction) throws(StoreError) in
      try CollectionTables.create(number: 2, in: transaction)
    }
    try fixture.environment.write { (transaction) throws(StoreError) in
      try tables.ids.put("x", docID: 3, in: transaction)
      #expect(try fixture.tables.ids.docID(for: "x", in: transaction) == nil)
    }
  }

  @Test func anOlderSnapshotDoesNotSeeANewCollection() throws {
    let fixture = try Fixture()
    let snapshot = try fixture.environment.beginRead()
    let tables = try fixture.environment.write { (transaction) throws(StoreError) in
      try CollectionTables.create(number: 2, in: transaction)
    }
    #expect(errorCode { _ = try tables.ids.docID(for: "x", in: snapshot) } == .notFound)
    #expect(
      errorCode { _ = try tables.vectors(dimensions: 4).get(1, in: snapshot) } == .notFound)
    #expect(errorCode { _ = try tables.ids.count(in: snapshot) } == .notFound)
    snapshot.end()
    let renewed = try fixture.environment.beginRead()
    #expect(try tables.ids.docID(for: "x", in: renewed) == nil)
    #expect(try tables.vectors(dimensions: 4).get(1, in: renewed) == nil)
    renewed.end()
  }

  @Test func theSpaceOfADroppedCollectionIsUsedAgain() throws {
    let fixture = try Fixture()
    func fill(_ tables: CollectionTables) throws(StoreError) {
      try fixture.environment.write { (transaction) throws(StoreError) in
        for docID in 0..<600 as Range<UInt64> {
          try tables.vectors(dimensions: 384)
            .put([Float](repeating: 1, count: 384), docID: docID, in: transaction)
        }
      }
    }
    try fill(fixture.tables)
    let snapshot = try fixture.environment.beginRead()
    try fixture.environment.write { (transaction) throws(StoreError) in
      try fixture.tables.drop(in: transaction)
    }
    #expect(try fixture.tables.vectors(dimensions: 384).get(599, in: snapshot)?[0] == 1)
    snapshot.end()
    try fixture.environment.read { (transaction) throws(StoreError) in
      #expect(try fixture.tables.vectors(dimensions: 384).get(599, in: transaction) == nil)
    }
    let before = try fixture.environment.statistics()
    let next = try fixture.environment.write { (transaction) throws(StoreError) in
      try CollectionTables.create(number: 2, in: transaction)
    }
    try fill(next)
    let after = try fixture.environment.statistics()
    #expect(after.usedPages < before.usedPages + 60)
    #expect(before.freePages > 200)
    #expect(after.freePages < 100)

    try fixture.environment.close()
    let environment = try LMDBEnvironment.open(
      directory: fixture.directory.path, options: testOptions())
    try environment.removeTables(except: [2])
    #expect(errorCode { _ = try CollectionTables.open(number: 1, in: environment) } == .notFound)
    let tables = try CollectionTables.open(number: 2, in: environment)
    try environment.read { (transaction) throws(StoreError) in
      #expect(try tables.vectors(dimensions: 384).get(599, in: transaction)?[383] == 1)
    }
  }

  @Test func theCatalogIsFoundAgain() throws {
    let directory = try TemporaryDirectory()
    do {
      let environment = try LMDBEnvironment.open(directory: directory.path, options: testOptions())
      #expect(errorCode { _ = try environment.openCatalog() } == .notFound)
      try environment.write { (transaction) throws(StoreError) in
        let catalog = try environment.createCatalog(in: transaction)
        try catalog.put(Array("format".utf8), [1, 2], in: transaction)
      }
    }
    let environment = try LMDBEnvironment.open(directory: directory.path, options: testOptions())
    let catalog = try environment.openCatalog()
    try environment.read { (transaction) throws(StoreError) in
      #expect(try catalog.get(Array("format".utf8), in: transaction) == [1, 2])
      #expect(try catalog.get(Array("other".utf8), in: transaction) == nil)
    }
  }
}
