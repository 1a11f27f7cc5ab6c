import ObjectStorage
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

@Suite("Statuses of a collection")
struct ConversionStatusTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  /// Options with an index type whose encoding a class can say.
  private var options: StoreOptions {
    var options = StoreFixture.options()
    options.weaviateIndexTypes = [
      WeaviateIndexType("plain") { settings in
        CollectionConfiguration(
          metric: .l2Squared, index: .flat,
          encoding: settings["whole"] == true ? .float32 : .int8())
      }
    ]
    return options
  }

  private func definition(whole: Bool) -> String {
    #"{"class":"A","vectorIndexType":"plain","vectorIndexConfig":{"whole":\#(whole)}}"#
  }

  private func open() throws -> Store {
    try Store.open(at: directory.file("store.seam"), options: options)
  }

  private func fill(_ collection: Collection, from first: Int = 0) throws(StoreError) {
    var random = SeededGenerator(seed: UInt64(first + 1))
    try collection.upsert(
      (0..<200).map { index in
        VectorObject(
          id: .int(Int64(first + index)), vector: (0..<8).map { _ in random.gaussian() })
      })
  }

  @Test("A graph that a class cannot say is refused, and the store opens again")
  func whatAClassCannotSayIsNotStored() throws {
    var store = try open()
    let name = "A"
    let made = try store.collection(
      fromWeaviateClass: #"{"class":"A","vectorIndexConfig":{"maxConnections":8}}"#)
    #expect(throws: StoreError.self) { try made.reconfigure(index: .hnsw(m: 2)) }
    try made.reconfigure(index: .hnsw(m: 2_047))
    store.close()
    store = try open()
    let collection = try store.collection(name)
    #expect(try collection.weaviateClass?.contains("2047") == true)
    store.close()
  }

  @Test("A new beam refuses no writes while a conversion by the Swift API runs")
  func aBeamChangesNoStatus() throws {
    let store = try open()
    let collection = try store.collection(
      fromWeaviateClass: #"{"class":"A","vectorIndexType":"flat"}"#)
    try fill(collection)
    try collection.compact(full: true)
    try collection.reconfigure(encoding: .float32)
    _ = try store.collection(
      fromWeaviateClass: #"{"class":"A","vectorIndexConfig":{"vectorCacheMaxObjects":7}}"#)
    #expect(try collection.status() != .readOnly)
    try fill(collection, from: 1_000)
    store.close()
  }

  private func expectRefused(_ collection: Collection, _ words: String) {
    let writes: [() throws -> Void] = [
      { try collection.upsert(VectorObject(id: 1, vector: nil)) },
      { try collection.delete(ids: [1]) }, { try collection.updateProperties(of: 1, to: [:]) },
      { try collection.store.write { try $0.delete(ids: [1], from: collection) } },
      { try collection.reconfigure(index: .flat) },
      { try collection.store.dropCollection(collection.name) },
    ]
    for write in writes {
      do {
        try write()
        Issue.record("accepted")
      } catch let error as StoreError {
        #expect(error.code == .readOnly)
        #expect(error.message.contains(words), "\(error)")
      } catch {
        Issue.record(error)
      }
    }
  }

  @Test("READONLY is set with a reason, kept across reopening, and set back")
  func readOnly() throws {
    var store = try open()
    var collection = try store.collection(fromWeaviateClass: definition(whole: false))
    try fill(collection)
    #expect(try collection.status() == .ready)
    try collection.setStatus(.readOnly, because: "backup")
    store.close()
    store = try open()
    defer { store.close() }
    collection = try store.collection("A")
    #expect(try collection.status() == .readOnly)
    expectRefused(collection, "store is read-only due to: backup")
    #expect(try collection.search(near: [Float](repeating: 0, count: 8)).count == 10)
    let statistics = try store.statistics().collections[0]
    #expect(statistics.status == "READONLY" && statistics.readOnlyReason == "backup")
    #expect(throws: StoreError.self) { try collection.setStatus(.indexing) }
    #expect(throws: StoreError.self) {
      try store.collection(fromWeaviateClass: definition(whole: true))
    }
    try collection.setStatus(.ready)
    try fill(collection, from: 200)
    #expect(try collection.status() == .ready)
    try collection.setStatus(.readOnly)
    expectRefused(collection, "store is read-only (")
  }

  @Test(
    "A conversion that a changed class asks for refuses writes until it is over, also after a kill")
  func conversion() throws {
    var store = try open()
    var collection = try store.collection(fromWeaviateClass: definition(whole: false))
    try fill(collection)
    try collection.compact(full: true)
    let query = [Float](repeating: 0.1, count: 8)
    let before = try collection.search(near: query, limit: 5)
    // The call returns before anything is built.
    _ = try store.collection(fromWeaviateClass: definition(whole: true))
    #expect(try collection.status() == .readOnly)
    expectRefused(collection, "store is read-only due to: update vector index config")
    #expect(try collection.search(near: query, limit: 5) == before)
    // As after a kill: nothing but what was committed is there.
    store.close()
    store = try open()
    collection = try store.collection("A")
    #expect(try collection.status() == .readOnly)
    expectRefused(collection, "store is read-only due to: update vector index config")
    #expect(try collection.search(near: query, limit: 5) == before)
    // Ready cannot be forced while it runs.
    try collection.setStatus(.ready)
    #expect(try collection.isReadOnly)
    try store.runBackgroundWork()
    #expect(try collection.status() == .ready)
    #expect(try collection.search(near: query, limit: 5) == before)
    #expect(try store.statistics().collections[0].segments.map(\.encoding) == ["float32"])
    try fill(collection, from: 200)
    store.close()
    store = try open()
    defer { store.close() }
    #expect(try store.collection("A").status() == .ready)
    #expect(try store.collection("A").count() == 400)
  }

  @Test("A conversion can be undone while it runs")
  func undone() throws {
    let store = try open()
    defer { store.close() }
    let collection = try store.collection(fromWeaviateClass: definition(whole: false))
    try fill(collection)
    try collection.compact(full: true)
    _ = try store.collection(fromWeaviateClass: definition(whole: true))
    #expect(try collection.status() == .readOnly)
    _ = try store.collection(fromWeaviateClass: definition(whole: false))
    #expect(try collection.status() == .ready)
    try fill(collection, from: 200)
  }

  @Test("The same conversion through the Swift API accepts writes")
  func swiftAPI() throws {
    let store = try open()
    defer { store.close() }
    let collection = try store.collection(fromWeaviateClass: definition(whole: false))
    try fill(collection)
    try collection.compact(full: true)
    try collection.reconfigure(encoding: .float32)
    #expect(try collection.status() == .indexing)
    try fill(collection, from: 200)
    try store.runBackgroundWork()
    #expect(try collection.status() == .ready)
    #expect(try collection.count() == 400)
  }

  @Test("Nothing is refused where no segment has to be built anew")
  func nothingToConvert() throws {
    let store = try open()
    defer { store.close() }
    let collection = try store.collection(fromWeaviateClass: definition(whole: false))
    try collection.upsert(VectorObject(id: 1, vector: [Float](repeating: 1, count: 8)))
    _ = try store.collection(fromWeaviateClass: definition(whole: true))
    #expect(try collection.status() == .ready)
    #expect(try collection.configuration().encoding == .float32)
    let graph = try store.collection(
      fromWeaviateClass: #"{"class":"G","vectorIndexConfig":{"distance":"dot"}}"#)
    try fill(graph)
    try graph.compact(full: true)
    for change in [
      #""ef":7"#, #""flatSearchCutoff":3"#, #""sq":{"enabled":true,"rescoreLimit":5}"#,
    ] {
      _ = try store.collection(
        fromWeaviateClass: #"{"class":"G","vectorIndexConfig":{\#(change)}}"#)
      #expect(try graph.status() == .ready, "\(change)")
    }
    let configuration = try graph.configuration()
    #expect(configuration.index.beam(limit: 1, requested: nil) == 7)
    #expect(configuration.filtering.flatSearchCutoff == 3)
    #expect(configuration.encoding == .int8(rescoreLimit: 5))
  }

  @Test("A collection that was made without a class cannot become one")
  func noClass() throws {
    let store = try open()
    defer { store.close() }
    let collection = try store.collection("A", .init(dimensions: 8))
    #expect(try collection.weaviateClass == nil)
    do throws(StoreError) {
      _ = try store.collection(fromWeaviateClass: definition(whole: true))
      Issue.record("accepted")
    } catch {
      #expect(error.message.contains("was not created from a class"))
    }
  }

  @Test("The class follows what is configured without it")
  func adopting() throws {
    let store = try open()
    defer { store.close() }
    let collection = try store.collection(fromWeaviateClass: #"{"class":"G"}"#)
    try collection.reconfigure(
      index: .hnsw(m: 16, efConstruction: 100, ef: .fixed(50)),
      encoding: .pq(subvectors: 4, centroids: 16),
      filtering: FilterPlanning(flatSearchCutoff: 9, strategy: .sweeping))
    let echo = try #require(try collection.weaviateClass)
    for part in [
      #""maxConnections":16"#, #""efConstruction":100"#, #""ef":50"#, #""flatSearchCutoff":9"#,
      #""filterStrategy":"sweeping""#,
      #""pq":{"bitCompression":false,"centroids":16,"enabled":true,"encoder""#, #""segments":4"#,
    ] {
      #expect(echo.contains(part), "\(echo)")
    }
    // An encoding that classes have no name for stays when something else is changed.
    try collection.reconfigure(encoding: .float16)
    _ = try store.collection(fromWeaviateClass: #"{"class":"G","vectorIndexConfig":{"ef":51}}"#)
    #expect(try collection.configuration().encoding == .float16)
    try collection.reconfigure(index: .flat, encoding: .binary())
    let flat = try #require(try collection.weaviateClassDefinition())
    #expect(flat.vectorIndexType == "flat")
    #expect(flat.json.contains(#""bq":{"cache":false,"enabled":true,"rescoreLimit":-1}"#))
  }

  @Test("Dimensions are declared once, and segments must divide them")
  func dimensions() throws {
    let store = try open()
    defer { store.close() }
    let json = #"{"class":"G","vectorIndexConfig":{"pq":{"enabled":true,"segments":3}}}"#
    do throws(StoreError) {
      _ = try store.collection(fromWeaviateClass: json, dimensions: 8)
      Issue.record("accepted")
    } catch {
      #expect(error.message.contains("pq segments must be a divisor of the vector dimensions"))
    }
    let open = try store.collection(fromWeaviateClass: json)
    do throws(StoreError) {
      try fill(open)
      Issue.record("accepted")
    } catch {
      #expect(error.message.contains("pq segments must be a divisor of the vector dimensions"))
    }
    #expect(try open.count() == 0)
    #expect(try open.configuration().dimensions == nil)
    _ = try store.collection(
      fromWeaviateClass: #"{"class":"G","vectorIndexConfig":{"pq":{"segments":4}}}"#, dimensions: 8)
    #expect(try open.configuration().dimensions == 8)
    try open.upsert(VectorObject(id: 1, vector: [Float](repeating: 1, count: 8)))
    #expect(throws: StoreError.self) {
      try store.collection(fromWeaviateClass: json, dimensions: 9)
    }
  }
}
