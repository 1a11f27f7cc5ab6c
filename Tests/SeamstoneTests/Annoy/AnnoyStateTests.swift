import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

@Suite("The states of an annoy collection") struct AnnoyStateTests {
  private func store(
    _ encoding: VectorEncoding? = nil, metric: Metric = .l2Squared,
    options: StoreOptions = EncodedStore.options()
  ) throws -> EncodedStore {
    try EncodedStore(
      encoding, metric: metric, index: .annoy(trees: 10, searchK: 1_000), options: options)
  }

  /// Every call that changes something is refused, and the error says the name and the way out.
  private func expectReadOnly(_ store: EncodedStore) throws {
    let collection = store.collection
    let object = VectorObject(id: .int(7_000), vector: store.vector())
    let changes: [(String, () throws -> Void)] = [
      ("upsert", { try collection.upsert(object) }),
      ("delete", { try collection.delete(ids: [.int(1)]) }),
      ("delete by filter", { try collection.delete(where: StoreFixture.filter(n: 1)) }),
      ("properties", { try collection.updateProperties(of: .int(1), to: ["n": .int(0)]) }),
      ("batch", { try store.store.write { try $0.delete(ids: [.int(1)], from: collection) } }),
      ("build", { try collection.build() }),
    ]
    for (name, change) in changes {
      do {
        try change()
        Issue.record("\(name) was accepted")
      } catch let error as StoreError {
        #expect(error.code == .readOnly, "\(name): \(error)")
        #expect(error.message.contains("\"things\"") && error.message.contains("annoy"))
        #expect(error.remedy?.contains("reconfigure") == true)
      }
    }
    #expect(try collection.status() == .readOnly && collection.isReadOnly)
  }

  @Test("loading takes every change and compares every vector; built finds as much and takes none")
  func loadsAndBuilds() throws {
    let store = try store()
    let collection = store.collection
    #expect(try collection.indexStage() == .loading && collection.status() == .ready)
    try store.write(0..<3_000)
    try store.store.runBackgroundWork()
    try store.delete(100..<300)
    try store.write(200..<250)
    #expect(try store.recall() > 0.999)
    #expect(try store.statistics().segments.allSatisfy { $0.kind == "flat" })
    try store.reopen()
    #expect(try store.collection.indexStage() == .loading)
    try store.write(3_000..<3_100)
    try store.collection.build()
    let statistics = try store.statistics()
    #expect(statistics.indexStage == .built && statistics.status == "READONLY")
    #expect(statistics.tail == 0 && statistics.deleted == 0)
    #expect(statistics.segments.map(\.kind) == ["annoy"] && statistics.segments[0].count == 2_950)
    #expect(try store.recall() > 0.95)
    try expectReadOnly(store)
    try store.reopen()
    try expectReadOnly(store)
    #expect(try store.recall() > 0.95)
  }

  @Test("every encoding it takes", arguments: [VectorEncoding.float32, .float16, .int8()])
  func takesEncodings(_ encoding: VectorEncoding) throws {
    let store = try store(encoding, metric: .cosine)
    try store.write(0..<500)
    try store.collection.build()
    #expect(try store.encodings() == [encoding.name])
    #expect(try store.recall() > 0.95)
  }

  @Test("encodings it does not take are refused when the collection is made, with the reason")
  func refusesEncodings() throws {
    for encoding in [VectorEncoding.int4(), .pq(), .binary(), .rabitq(bits: 8)] {
      let configuration = CollectionConfiguration(index: .annoy(), encoding: encoding)
      #expect(configuration.problems.contains { $0.contains("annoy") && $0.contains("float16") })
      #expect(throws: StoreError.self) { try configuration.validate() }
    }
  }

  @Test("a build that a kill interrupted is finished by whoever opens the store next")
  func resumes() throws {
    let store = try store()
    try store.write(0..<400)
    let number = store.collection.number
    try store.store.core.write { (context) throws(StoreError) in try context.beginBuild(number) }
    #expect(try store.collection.indexStage() == .building)
    #expect(throws: StoreError.self) { try store.write(400..<401) }
    try store.reopen()
    #expect(try store.collection.indexStage() == .building)
    #expect(try store.recall() > 0.999)
    try store.store.runBackgroundWork()
    #expect(try store.collection.indexStage() == .built)
    try expectReadOnly(store)
  }

  @Test("leaving for another kind takes changes at once, and coming back starts anew")
  func leavesAndReturns() throws {
    let store = try store()
    try store.write(0..<2_500)
    try store.collection.build()
    try store.collection.reconfigure(index: .hnsw(m: 8, efConstruction: 60))
    #expect(try store.collection.indexStage() == nil)
    // The forest answers until the graph is there.
    try store.delete(0..<100)
    try store.write(2_500..<2_600)
    #expect(try store.recall() > 0.9)
    try store.collection.compact()
    #expect(try store.statistics().segments.contains { $0.kind == "hnsw" })
    #expect(try !store.statistics().segments.contains { $0.kind == "annoy" })
    try store.collection.reconfigure(index: .annoy(trees: 5))
    #expect(try store.collection.indexStage() == .loading)
    try store.write(2_600..<2_700)
    try store.collection.compact()
    #expect(try store.statistics().segments.allSatisfy { $0.kind == "flat" })
    try store.collection.build()
    #expect(try store.statistics().segments.map(\.kind) == ["annoy"])
    try expectReadOnly(store)
  }

  @Test("parameters of a built index may change: searchK at once, trees by building anew")
  func changesParameters() throws {
    let store = try store()
    try store.write(0..<600)
    try store.collection.build()
    let before = try store.statistics().segments.map(\.identifier)
    try store.collection.reconfigure(index: .annoy(trees: 10, searchK: 20))
    try store.collection.compact()
    #expect(try store.statistics().segments.map(\.identifier) == before)
    try store.collection.reconfigure(index: .annoy(trees: 20, searchK: 1_000), encoding: .float32)
    #expect(try store.collection.indexStage() == .built)
    try store.store.runBackgroundWork()
    let after = try store.statistics()
    #expect(
      after.segments.map(\.kind) == ["annoy"] && after.segments.map(\.encoding) == ["float32"])
    #expect(after.segments.map(\.identifier) != before)
    #expect(try store.recall() > 0.95)
    try expectReadOnly(store)
  }

  @Test("a damaged segment is built again, though nothing else may change")
  func rebuildsDamage() throws {
    let store = try store()
    try store.write(0..<500)
    try store.collection.build()
    let segment = try #require(try store.statistics().segments.first)
    let path = store.store.core.segmentPath(segment.id)
    store.store.close()
    let files = PosixFileSystem()
    try files.remove(path)
    try store.reopen()
    #expect(try store.recall() > 0.999)
    try expectReadOnly(store)
    try store.store.runBackgroundWork()
    #expect(try store.statistics().segments.map(\.kind) == ["annoy"])
    #expect(try store.statistics().segments.first?.identifier == segment.identifier)
    #expect(try store.collection.indexStage() == .built)
    #expect(try store.recall() > 0.95)
  }

  @Test("a collection of nothing is built as well")
  func buildsNothing() throws {
    let store = try store()
    try store.collection.build()
    #expect(try store.collection.indexStage() == .built)
    #expect(throws: StoreError.self) { try store.write(0..<1) }
    #expect(try store.collection.search(near: store.vector(), limit: 3).isEmpty)
    // Dropping it is no change of its objects.
    try store.store.dropCollection("things")
  }

  @Test("filters find as many as match")
  func filters() throws {
    let store = try store()
    try store.write(0..<1_000)
    try store.collection.build()
    for filter in [StoreFixture.filter(n: 2), Filter.equal("n", .int(9))] {
      let hits = try store.collection.search(near: store.vector(), limit: 30, where: filter)
      #expect(hits.count == (filter == StoreFixture.filter(n: 2) ? 30 : 0))
      #expect(hits.allSatisfy { $0.object.properties["n"] == .int(2) })
    }
  }

  @Test("a build with threads in the background ends as well")
  func buildsBesideThreads() throws {
    let store = try store(options: EncodedStore.options(manual: false))
    try store.write(0..<1_500)
    try store.collection.build()
    #expect(try store.collection.indexStage() == .built)
    #expect(try store.statistics().segments.map(\.kind) == ["annoy"])
  }

  @Test("other kinds are compacted by build, and change all the same")
  func buildsOthers() throws {
    let store = try EncodedStore(index: .flat)
    try store.write(0..<300)
    try store.collection.build()
    #expect(try store.statistics().segments.count == 1 && store.collection.indexStage() == nil)
    try store.write(300..<301)
  }
}
