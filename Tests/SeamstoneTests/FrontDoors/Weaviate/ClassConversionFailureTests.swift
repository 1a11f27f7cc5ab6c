import ObjectStorage
import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

@Suite("A conversion of a class that cannot be done")
struct ClassConversionFailureTests {
  let directory: TemporaryDirectory
  let disk = FaultInjectingFileSystem()
  init() throws { directory = try TemporaryDirectory() }

  private func open() throws -> Store {
    try Store.open(
      at: FilePath(directory.file("store.seam")), options: StoreFixture.options(),
      fileSystem: disk)
  }

  private func fill(_ collection: Collection, _ ids: Range<Int>) throws(StoreError) {
    var random = SeededGenerator(seed: UInt64(ids.lowerBound + 1))
    try collection.upsert(
      ids.map { id in
        VectorObject(id: .int(Int64(id)), vector: (0..<8).map { _ in random.gaussian() })
      })
  }

  private static let change = #"{"class":"A","vectorIndexConfig":{"rq":{"enabled":true}}}"#

  /// Works until writes are accepted again; answers after how many failures.
  private func work(_ store: Store, _ collection: Collection) throws -> Int {
    for count in 1...20 {
      #expect(throws: StoreError.self) { try store.runBackgroundWork() }
      if try collection.status() != .readOnly { return count }
      #expect(throws: StoreError.self) { try fill(collection, 900..<901) }
    }
    return .max
  }

  @Test("The collection is as before, says why, and accepts writes")
  func givenUp() throws {
    var store = try open()
    var collection = try store.collection(fromWeaviateClass: #"{"class":"A"}"#)
    try fill(collection, 0..<300)
    try collection.compact(full: true)
    let before = try #require(try collection.weaviateClass)
    let configuration = try collection.configuration()
    let query = [Float](repeating: 0.1, count: 8)
    let answer = try collection.search(near: query, limit: 5)
    _ = try store.collection(fromWeaviateClass: Self.change)
    #expect(try collection.status() == .readOnly)
    // After a restart it is still known what to go back to.
    store.close()
    store = try open()
    collection = try store.collection("A")
    // What only concerns searches may change meanwhile, and stays.
    _ = try store.collection(fromWeaviateClass: #"{"class":"A","vectorIndexConfig":{"ef":77}}"#)
    disk.reportFreeSpace(0)
    #expect(try work(store, collection) == store.core.options.compaction.conversionAttempts)
    #expect(try collection.weaviateClass == before.replacing(#""ef":-1"#, with: #""ef":77"#))
    var wanted = configuration
    if case .hnsw(var graph) = wanted.index {
      graph.ef = .fixed(77)
      wanted.index = .hnsw(graph)
    }
    #expect(try collection.configuration() == wanted)
    #expect(try collection.search(near: query, limit: 5) == answer)
    #expect(try collection.status() == .ready)
    func figures() throws -> CollectionStatistics { try store.statistics().collections[0] }
    #expect(try figures().readOnlyReason == nil)
    let reason = try figures().lastConversionError ?? ""
    #expect(reason.contains("was given up: noSpace"), "\(reason)")
    #expect(store.recentEvents.contains { $0.kind == .conversionFailed && $0.collection == "A" })
    disk.reportFreeSpace(nil)
    try fill(collection, 300..<310)
    // The status says so until the next one, also after a restart.
    store.close()
    store = try open()
    defer { store.close() }
    collection = try store.collection("A")
    #expect(try figures().lastConversionError?.contains("given up") == true)
    _ = try store.collection(fromWeaviateClass: Self.change)
    try store.runBackgroundWork()
    #expect(try figures().lastConversionError == nil)
    #expect(try collection.configuration().encoding == .rabitq(bits: 8, rescoreLimit: 20))
    #expect(try collection.status() == .ready && collection.count() == 310)
  }
}
