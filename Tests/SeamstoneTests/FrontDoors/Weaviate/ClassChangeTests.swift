import ObjectStorage
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

@Suite("A class that is changed")
struct ClassChangeTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func open(_ vectorizers: WordVectorizer...) throws -> Store {
    var options = StoreFixture.options()
    options.vectorizers = vectorizers
    return try Store.open(at: directory.file("store.seam"), options: options)
  }

  private func message(_ store: Store, _ json: String) -> String {
    do throws(StoreError) {
      _ = try store.collection(fromWeaviateClass: json)
    } catch {
      #expect(error.code == .invalidConfiguration)
      return error.message
    }
    Issue.record("accepted \(json)")
    return ""
  }

  private func encoding(_ store: Store, _ settings: String) throws -> VectorEncoding {
    try store.collection(
      fromWeaviateClass: #"{"class":"A","vectorIndexConfig":\#(settings)}"#
    ).configuration().encoding
  }

  // MARK: - Defaults that follow

  @Test("A default that follows another setting follows its change, also after a restart")
  func derived() throws {
    var store = try open()
    _ = try encoding(store, "{}")
    store.close()
    store = try open()
    #expect(
      try encoding(store, #"{"rq":{"enabled":true,"bits":1}}"#)
        == .rabitq(bits: 1, rescoreLimit: 512))
    #expect(try encoding(store, #"{"rq":{"enabled":false}}"#) == .int8())
    #expect(
      try encoding(store, #"{"rq":{"enabled":true,"bits":8}}"#)
        == .rabitq(bits: 8, rescoreLimit: 20))
    // What is given back changes nothing.
    let echo = try #require(try store.collection("A").weaviateClass)
    #expect(echo.contains(#""rq":{"bits":8,"enabled":true,"rescoreLimit":20}"#))
    _ = try store.collection(fromWeaviateClass: echo)
    #expect(try store.collection("A").weaviateClass == echo)
    store.close()
  }

  @Test("What was named stays when another setting is changed", arguments: [20, 77])
  func named(limit: Int) throws {
    var store = try open()
    _ = try encoding(store, #"{"rq":{"rescoreLimit":\#(limit)}}"#)
    store.close()
    store = try open()
    defer { store.close() }
    #expect(
      try encoding(store, #"{"rq":{"enabled":true,"bits":1}}"#)
        == .rabitq(bits: 1, rescoreLimit: limit))
  }

  @Test("Under dynamic, too")
  func derivedUnderDynamic() throws {
    let store = try open()
    defer { store.close() }
    _ = try store.collection(fromWeaviateClass: #"{"class":"A","vectorIndexType":"dynamic"}"#)
    let changed = try store.collection(
      fromWeaviateClass:
        #"{"class":"A","vectorIndexConfig":{"hnsw":{"rq":{"enabled":true,"bits":1}}}}"#)
    #expect(try changed.configuration().encoding == .rabitq(bits: 1, rescoreLimit: 512))
  }

  @Test("What a class has no word for stays when its graph is changed")
  func graphRows() throws {
    let store = try open()
    defer { store.close() }
    let collection = try store.collection(fromWeaviateClass: #"{"class":"A"}"#)
    try collection.reconfigure(
      index: .hnsw(HNSWConfiguration(m: 32, efConstruction: 128, seed: 7, graphRows: 123)))
    _ = try store.collection(fromWeaviateClass: #"{"class":"A","vectorIndexConfig":{"ef":9}}"#)
    guard case .hnsw(let graph) = try collection.configuration().index else {
      Issue.record("no graph")
      return
    }
    #expect(graph.graphRows == 123 && graph.seed == 7 && graph.ef == .fixed(9))
  }

  @Test("An empty index type is no change of it", arguments: ["flat", "dynamic", "hnsw"])
  func emptyType(type: String) throws {
    let store = try open()
    defer { store.close() }
    _ = try store.collection(
      fromWeaviateClass:
        #"{"class":"A","vectorIndexType":"\#(type)","vectorIndexConfig":{"vectorCacheMaxObjects":9}}"#
        .replacing(
          type == "dynamic" ? #""vectorCacheMaxObjects":9"# : "-", with: #""threshold":9"#))
    let before = try store.collection("A").weaviateClass
    _ = try store.collection(fromWeaviateClass: #"{"class":"A","vectorIndexType":""}"#)
    #expect(try store.collection("A").weaviateClass == before)
  }

  // MARK: - Properties

  @Test("Members of nested objects are added, and keep their types")
  func nested() throws {
    let store = try open()
    defer { store.close() }
    func definition(_ nested: String) -> String {
      #"{"class":"A","properties":[{"name":"author","dataType":["object"],"nestedProperties":[\#(nested)]}]}"#
    }
    let collection = try store.collection(
      fromWeaviateClass: definition(
        #"{"name":"age","dataType":["int"]},{"name":"home","dataType":["object"],"nestedProperties":[{"name":"city","dataType":["text"]}]}"#
      ))
    let text = message(store, definition(#"{"name":"age","dataType":["text"]}"#))
    #expect(
      text.contains(
        "dataType of \"author.age\" is immutable: attempted change from \"int\" to \"text\""),
      "\(text)")
    let deep = message(
      store,
      definition(
        #"{"name":"home","dataType":["object"],"nestedProperties":[{"name":"city","dataType":["int"]}]}"#
      ))
    #expect(deep.contains("dataType of \"author.home.city\" is immutable"), "\(deep)")
    _ = try store.collection(
      fromWeaviateClass: definition(#"{"name":"born","dataType":["date"]}"#))
    let members = try collection.weaviateClassDefinition()?.properties.first?.nested.map(\.name)
    #expect(members == ["age", "home", "born"])
    try collection.upsert(
      VectorObject(
        id: 1, vector: nil, properties: ["author": ["age": 3, "home": ["city": "Leeds"]]]))
  }

  // MARK: - Texts for a vectorizer

  private func texts(_ properties: String, name: String = "A") -> String {
    #"{"class":"\#(name)","vectorizer":"words","properties":[\#(properties)]}"#
  }

  @Test("A vectorizer that would get no text of a class is refused")
  func nothingToVectorize() throws {
    let store = try open(WordVectorizer())
    defer { store.close() }
    let skipped =
      #"{"name":"t","dataType":["text"],"moduleConfig":{"words":{"skip":true}}}"#
    for properties in [
      skipped, #"{"name":"when","dataType":["date"]},{"name":"key","dataType":["uuid"]}"#,
    ] {
      let text = message(store, texts(properties))
      #expect(text.contains("the vectorizer \"words\" has no texts"), "\(text)")
    }
    let wrong = message(
      store,
      texts(#"{"name":"t","dataType":["text"],"moduleConfig":{"words":{"skip":"yes"}}}"#))
    #expect(wrong.contains("moduleConfig.words.skip is the text \"yes\""), "\(wrong)")
    #expect(try store.collectionNames().isEmpty)
  }

  @Test("Texts are vectorised, dates, UUIDs and what is skipped are not")
  func vectorized() async throws {
    let vectorizer = WordVectorizer()
    let store = try open(vectorizer)
    defer { store.close() }
    let declared = try store.collection(
      fromWeaviateClass: texts(
        #"""
        {"name":"t","dataType":["text"]},{"name":"tags","dataType":["text[]"]},
        {"name":"when","dataType":["date"]},{"name":"key","dataType":["uuid"]},
        {"name":"no","dataType":["text"],"moduleConfig":{"words":{"skip":true}}}
        """#))
    let properties: [String: PropertyValue] = [
      "t": "one", "tags": ["two"], "when": "2024-05-01T12:30:00Z",
      "key": "00000000-0000-0000-0000-00000000000a", "no": "three",
    ]
    try await declared.upsert([VectorObject(id: 1, vector: nil, properties: properties)])
    #expect(vectorizer.calls.last == ["one\ntwo"])
    // A class that declares nothing has no types; dates and UUIDs show what they are.
    let open = try store.collection(fromWeaviateClass: #"{"class":"B","vectorizer":"words"}"#)
    try await open.upsert([VectorObject(id: 1, vector: nil, properties: properties)])
    #expect(vectorizer.calls.last == ["three\none\ntwo"])
    _ = try store.collection(
      fromWeaviateClass: texts(
        #"""
        {"name":"t","dataType":["text"]},{"name":"when","dataType":["date"]},
        {"name":"no","dataType":["text"],"moduleConfig":{"words":{"skip":true}}}
        """#, name: "B"))
    try await open.upsert([
      VectorObject(
        id: 2, vector: nil,
        properties: ["t": "four", "when": "2024-05-01T12:30:00Z", "no": "five"])
    ])
    #expect(vectorizer.calls.last == ["four"])
  }

  @Test("What is vectorised never changes, and the class says so")
  func skipping() async throws {
    let vectorizer = WordVectorizer()
    let store = try open(vectorizer)
    defer { store.close() }
    let collection = try store.collection(
      fromWeaviateClass: texts(#"{"name":"t","dataType":["text"]}"#))
    let text = message(
      store,
      texts(
        #"{"name":"t","dataType":["text"],"moduleConfig":{"words":{"skip":true}}},{"name":"u","dataType":["text"]}"#
      ))
    #expect(
      text.contains(
        "moduleConfig.words.skip of \"t\" is immutable: attempted change from \"false\" to \"true\""
      ), "\(text)")
    let later = message(
      store,
      texts(#"{"name":"u","dataType":["text"],"moduleConfig":{"words":{"skip":false}}}"#))
    #expect(later.contains("moduleConfig.words.skip of \"u\" cannot be false"), "\(later)")
    _ = try store.collection(fromWeaviateClass: texts(#"{"name":"u","dataType":["text"]}"#))
    #expect(try collection.weaviateClass?.contains(#""words":{"skip":true}"#) == true)
    // Once more is no change.
    _ = try store.collection(fromWeaviateClass: texts(#"{"name":"u","dataType":["text"]}"#))
    try await collection.upsert([
      VectorObject(id: 1, vector: nil, properties: ["t": "one", "u": "two"])
    ])
    #expect(vectorizer.calls.last == ["one"])
  }

  @Test("Notes name what has no effect, and nothing else")
  func notes() throws {
    let read = try WeaviateClass(
      json: #"""
        {"class":"A","vectorizer":"words","moduleConfig":{"words":{"vectorizeClassName":true}},
         "properties":[
          {"name":"a","dataType":["text"],"moduleConfig":{"words":{"skip":false}}},
          {"name":"b","dataType":["text"],
           "moduleConfig":{"words":{"skip":true,"vectorizePropertyName":true},"other":{"skip":true}}},
          {"name":"n","dataType":["int"],"moduleConfig":{"words":{"skip":true}}}],
         "vectorIndexConfig":{"bq":{"enabled":true,"rescoreLimit":7}}}
        """#)
    #expect(
      read.notes == [
        "moduleConfig has no effect", "b: moduleConfig.other has no effect",
        "b: moduleConfig.words.vectorizePropertyName has no effect",
        "n: moduleConfig.words has no effect",
        "bq.rescoreLimit has no effect in a graph: all candidates are rescored",
      ])
    #expect(read.json.contains(#""bq":{"enabled":true,"rescoreLimit":7}"#))
  }
}
