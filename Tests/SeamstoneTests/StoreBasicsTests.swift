import TestSupport
import Testing

@testable import Seamstone

@Suite struct StoreBasicsTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }
  var path: FilePath { FilePath(directory.path + "/store.seam") }

  private func vectors(_ count: Int, dimensions: Int, seed: UInt64) -> [[Float]] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in (0..<dimensions).map { _ in random.gaussian() } }
  }

  private func objects(_ vectors: [[Float]], from first: Int = 0) -> [VectorObject] {
    vectors.enumerated().map { index, vector in
      VectorObject(
        id: .int(Int64(first + index)), vector: vector, properties: ["n": .int(Int64(index % 7))])
    }
  }

  @Test func findsWhatWasWrittenAndKeepsItAcrossReopening() throws {
    let data = vectors(500, dimensions: 24, seed: 1)
    do {
      let store = try Store.open(at: path)
      let collection = try store.collection("things", .init(dimensions: 24, metric: .l2Squared))
      try collection.upsert(objects(data))
      #expect(try collection.count() == 500)
      let hits = try collection.search(near: data[17], limit: 3)
      #expect(hits.first?.id == .int(17))
      #expect(hits.first?.distance == 0)
      store.close()
    }
    let store = try Store.open(at: path)
    let collection = try store.collection("things")
    #expect(try collection.count() == 500)
    for row in [0, 17, 499] {
      #expect(try collection.search(near: data[row], limit: 1).first?.id == .int(Int64(row)))
      #expect(try collection.get(.int(Int64(row)))?.vector == data[row])
    }
    #expect(try collection.get(.int(500)) == nil)
    store.close()
  }

  @Test func aSecondOpenInThisProcessSaysSo() throws {
    let store = try Store.open(at: path)
    for isReadOnly in [false, true] {
      var options = StoreOptions()
      options.readOnly = isReadOnly
      let error = #expect(throws: StoreError.self) { try Store.open(at: path, options: options) }
      #expect(error?.code == .locked)
      #expect(error?.message == "The store is open in this process already")
      #expect(error?.remedy?.contains("handle that is open") == true)
    }
    store.close()
    try Store.open(at: path).close()
  }

  @Test func anEmptyPathIsRefused() throws {
    let error = #expect(throws: StoreError.self) { try Store.open(at: "") }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message == "The path of the store is empty")
  }

  @Test func sealsBuildsAGraphAndStillAnswersExactly() throws {
    var options = StoreOptions()
    options.backgroundWork = .manual
    options.compaction.sealRows = 500
    options.compaction.graphRows = 1_000
    let data = vectors(3_000, dimensions: 16, seed: 2)
    let store = try Store.open(at: path, options: options)
    let collection = try store.collection("things", .init(dimensions: 16, metric: .cosine))
    for start in stride(from: 0, to: data.count, by: 250) {
      try collection.upsert(objects(Array(data[start..<(start + 250)]), from: start))
      try store.runBackgroundWork(isIdle: false)
    }
    try collection.compact(full: true)
    let statistics = try store.statistics().collections[0]
    #expect(statistics.segments.count == 1)
    #expect(statistics.segments[0].kind == "hnsw")
    #expect(statistics.tail == 0)
    var found = 0
    for row in stride(from: 0, to: data.count, by: 60) {
      let exact = try collection.search(near: data[row], limit: 10, exact: true)
      let quick = try collection.search(near: data[row], limit: 10, ef: 200)
      found += Set(exact.map(\.id)).intersection(quick.map(\.id)).count
      #expect(quick.count == 10)
    }
    #expect(found >= 495)
    store.close()
  }

  @Test func replacesAndDeletes() throws {
    let data = vectors(200, dimensions: 8, seed: 3)
    let store = try Store.open(at: path)
    let collection = try store.collection("things", .init(dimensions: 8, metric: .dot))
    try collection.upsert(objects(data))
    #expect(try collection.delete(ids: [.int(3), .int(4), .int(999)]) == 2)
    #expect(try collection.count() == 198)
    try collection.upsert(VectorObject(id: .int(5), vector: data[6], properties: [:]))
    try collection.compact(full: true)
    #expect(try collection.get(.int(3)) == nil)
    #expect(try collection.get(.int(5))?.vector == data[6])
    let ids = try collection.search(near: data[0], limit: 300, exact: true).map(\.id)
    #expect(ids.count == 198)
    #expect(!ids.contains(.int(4)))
    store.close()
  }

  /// The body ran while the snapshot was locked once: any use of the snapshot in it hung for ever.
  @Test func iteratingASnapshotMayUseTheSnapshot() throws {
    let data = vectors(600, dimensions: 4, seed: 5)
    let store = try Store.open(at: path)
    defer { store.close() }
    let collection = try store.collection("things", .init(dimensions: 4, metric: .l2Squared))
    try collection.upsert(objects(data))
    let snapshot = try store.snapshot()
    let things = try snapshot.collection("things")
    try collection.delete(ids: [.int(0)])
    var seen = 0
    try things.forEachObject { (object) throws(StoreError) in
      seen += 1
      let same = try things.get(object.id)
      let count = try things.count()
      return same == object && count == 600
    }
    #expect(seen == 600)
    snapshot.close()
    #expect(throws: StoreError.self) { try things.count() }
  }

  @Test func deletesByFilterOnlyWhatMatches() throws {
    let store = try Store.open(at: path)
    defer { store.close() }
    let collection = try store.collection("things", .init(dimensions: 8, metric: .cosine))
    try collection.upsert(objects(vectors(70, dimensions: 8, seed: 6)))
    #expect(try collection.delete(where: Field("n") == 3) == 10)
    #expect(try collection.count() == 60)
    #expect(try collection.delete(where: Field("n") == 3) == 0)
  }
}
