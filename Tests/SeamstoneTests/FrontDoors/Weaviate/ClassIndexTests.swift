import ObjectStorage
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

@Suite("Property indexes of a class")
struct ClassIndexTests {
  static let definition = #"""
    {"class":"A","properties":[
      {"name":"title","dataType":["text"]}, {"name":"tags","dataType":["text[]"],"indexFilterable":true},
      {"name":"body","dataType":["text"],"indexFilterable":false},
      {"name":"year","dataType":["int"],"indexFilterable":false,"indexRangeFilters":true},
      {"name":"any","dataType":["object"]},
      {"name":"author","dataType":["object"],"nestedProperties":[
        {"name":"age","dataType":["int"]},{"name":"note","dataType":["text"],"indexFilterable":false}]},
      {"name":"hidden","dataType":["object"],"indexFilterable":false,"nestedProperties":[
        {"name":"x","dataType":["int"]}]}]}
    """#

  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func open() throws -> Store {
    try Store.open(at: directory.file("store.seam"), options: StoreFixture.options())
  }

  private func paths(_ collection: Collection) throws -> [String] {
    let indexes = try collection.propertyIndexes
    #expect(indexes.allSatisfy { $0.isComplete })
    return indexes.map { "\($0.path)" }
  }

  private func fill(_ collection: Collection, _ ids: Range<Int>) throws(StoreError) {
    try collection.upsert(
      ids.map { id in
        VectorObject(
          id: .int(Int64(id)), vector: [Float(id), 1],
          properties: ["title": .string("t\(id % 5)"), "year": .int(Int64(id))])
      })
  }

  @Test("Declared properties are indexed unless they say no, and filters use the indexes")
  func created() throws {
    var store = try open()
    var collection = try store.collection(fromWeaviateClass: Self.definition)
    let wanted = ["title", "tags", "year", "author.age"]
    #expect(try paths(collection) == wanted)
    try fill(collection, 0..<100)
    store.close()
    store = try open()
    defer { store.close() }
    collection = try store.collection("A")
    #expect(try paths(collection) == wanted)
    try fill(collection, 100..<120)
    let found = try collection.search(
      near: [0, 1], limit: 200, where: Field("title") == "t3" && Field("year") >= 50)
    #expect(found.count == 14)
    #expect(try store.verify(deep: true).findings.isEmpty)
    // They are what answers: no object was looked at.
    let state = try collection.state { $0 }
    let isExact = try store.core.withReadTransaction { (transaction) throws(StoreError) in
      let resolver = FilterResolver(state: state, transaction: transaction)
      if case .exact = try resolver.resolve(Field("title") == "t3" && Field("year") >= 50) {
        return true
      }
      return false
    }
    #expect(isExact)
    let plain = try store.collection(fromWeaviateClass: #"{"class":"B"}"#)
    #expect(try paths(plain).isEmpty)
  }

  @Test("Indexes follow a changed class, for the objects there are, too")
  func changed() throws {
    let store = try open()
    defer { store.close() }
    let collection = try store.collection(fromWeaviateClass: Self.definition)
    try fill(collection, 0..<300)
    _ = try store.collection(
      fromWeaviateClass: #"""
        {"class":"A","properties":[{"name":"title","dataType":["text"],"indexFilterable":false},
          {"name":"body","indexFilterable":true},{"name":"new","dataType":["int"]},
          {"name":"author","nestedProperties":[{"name":"note","indexFilterable":true}]}]}
        """#)
    #expect(
      try paths(collection) == ["tags", "year", "author.age", "body", "author.note", "new"])
    #expect(
      try collection.search(near: [0, 1], limit: 99, where: Field("title") == "t3").count == 60)
    #expect(try store.verify(deep: true).findings.isEmpty)
    #expect(try collection.status() == .ready)
  }

  @Test("The class says what was indexed or dropped without it")
  func adopted() throws {
    let store = try open()
    defer { store.close() }
    let collection = try store.collection(fromWeaviateClass: Self.definition)
    try collection.dropPropertyIndex("year")
    try collection.createPropertyIndex("body")
    try collection.createPropertyIndex("author.note")
    let properties = try #require(try collection.weaviateClassDefinition()).properties
    let flags = Dictionary(
      uniqueKeysWithValues: properties.map { ($0.name, [$0.isFilterable, $0.hasRangeFilters]) })
    #expect(flags["year"] == [false, false] && flags["body"] == [true, false])
    #expect(properties.first { $0.name == "author" }?.nested.map(\.isFilterable) == [true, true])
    // And a definition that says nothing about them leaves them.
    _ = try store.collection(
      fromWeaviateClass: #"{"class":"A","vectorIndexConfig":{"ef":80}}"#)
    #expect(try paths(collection) == ["title", "tags", "author.age", "body", "author.note"])
  }

  @Test("An index that there is none of is not dropped, and the nearest is named")
  func missing() throws {
    let store = try open()
    defer { store.close() }
    let collection = try store.collection(fromWeaviateClass: Self.definition)
    do throws(StoreError) {
      try collection.dropPropertyIndex("titel")
      Issue.record("dropped")
    } catch {
      #expect(error.code == .notFound && error.remedy == "Did you mean \"title\"?")
    }
  }
}
