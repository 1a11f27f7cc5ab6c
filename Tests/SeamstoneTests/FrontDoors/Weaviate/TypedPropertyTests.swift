import ObjectStorage
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

@Suite("Typed properties of a class")
struct TypedPropertyTests {
  static let definition = #"""
    {"class":"A","properties":[
      {"name":"title","dataType":["text"]}, {"name":"tags","dataType":["text[]"]},
      {"name":"year","dataType":["int"]}, {"name":"score","dataType":["number"]},
      {"name":"open","dataType":["boolean"]}, {"name":"when","dataType":["date"]},
      {"name":"key","dataType":["uuid"]}, {"name":"any","dataType":["object"]},
      {"name":"author","dataType":["object"],"nestedProperties":[{"name":"age","dataType":["int"]}]}]}
    """#

  let directory: TemporaryDirectory
  let store: Store
  let collection: Collection

  init() throws {
    directory = try TemporaryDirectory()
    store = try Store.open(at: directory.file("store.seam"), options: StoreFixture.options())
    collection = try store.collection(fromWeaviateClass: Self.definition)
  }

  static let good: [(String, PropertyValue)] = [
    ("title", "Seams"), ("title", ""), ("title", nil), ("tags", ["a", "b"]), ("tags", []),
    ("year", 1999), ("year", -1), ("score", 0.5), ("score", 3), ("open", true),
    ("when", "2024-05-01T12:30:00Z"), ("when", "2024-05-01T12:30:00.25+02:00"),
    ("key", "00000000-0000-0000-0000-00000000000a"), ("any", ["x": 1]), ("any", [:]),
    ("author", ["age": 3]), ("author", [:]), ("author", nil),
  ]

  @Test("Values of the right type are stored", arguments: good)
  func accepted(name: String, value: PropertyValue) throws {
    defer { store.close() }
    try collection.upsert(VectorObject(id: 1, vector: nil, properties: [name: value]))
    #expect(try collection.get(1)?.properties[name] == value)
  }

  static let bad: [(String, PropertyValue, String)] = [
    ("title", 3, "is 3; its dataType text needs a text"), ("title", ["a"], "is a list"),
    ("tags", "a", "its dataType text[] needs a list of texts"), ("tags", ["a", 1], "is a list"),
    ("year", "1999", "is the text \"1999\"; its dataType int needs a whole number of 64 bits"),
    ("year", 1.5, "is 1.5"), ("year", true, "is true"), ("score", "0.5", "dataType number"),
    ("open", 1, "is 1; its dataType boolean needs true or false"),
    ("when", "yesterday", "dataType date needs a date such as"), ("when", 3, "is 3"),
    ("when", "2024-05-01", "dataType date"), ("key", "x", "dataType uuid needs a UUID"),
    ("any", "x", "dataType object needs an object"),
    ("author", ["age": "x"], "\"author.age\" of object 7 is the text \"x\""),
    ("author", ["ages": 3], "\"author.ages\" of object 7 is not declared"),
    ("titel", "x", "\"titel\" of object 7 is not declared"),
  ]

  @Test("A value of the wrong type is refused, and nothing is stored", arguments: bad)
  func refused(name: String, value: PropertyValue, words: String) throws {
    defer { store.close() }
    func check(_ body: () throws(StoreError) -> Void) {
      do throws(StoreError) {
        try body()
        Issue.record("accepted \(name): \(value)")
      } catch {
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains(words), "\(error.message)")
        #expect(error.message.contains("object 7"), "\(error.message)")
      }
    }
    let wrong = VectorObject(id: 7, vector: [1, 0], properties: [name: value])
    check { () throws(StoreError) in
      try collection.upsert([VectorObject(id: 6, vector: [1, 0]), wrong])
    }
    #expect(try collection.count() == 0)
    try collection.upsert(VectorObject(id: 7, vector: [1, 0]))
    check { () throws(StoreError) in
      try collection.updateProperties(of: 7, to: [name: value])
    }
    #expect(throws: StoreError.self) {
      try store.write { batch in
        try batch.updateProperties(of: 7, to: [name: value], in: collection)
      }
    }
    #expect(try collection.get(7)?.properties == [:])
  }

  @Test("The nearest declared name is told")
  func nearest() {
    defer { store.close() }
    do throws(StoreError) {
      try collection.upsert(VectorObject(id: 1, vector: nil, properties: ["titel": "x"]))
      Issue.record("accepted")
    } catch {
      #expect(error.remedy == "Did you mean \"title\"?")
    }
  }

  @Test("A class without properties takes everything; they can be added, and not changed")
  func open() throws {
    defer { store.close() }
    let free = try store.collection(fromWeaviateClass: #"{"class":"B"}"#)
    try free.upsert(VectorObject(id: 1, vector: nil, properties: ["x": [1, "a"]]))
    _ = try store.collection(
      fromWeaviateClass: #"{"class":"A","properties":[{"name":"extra","dataType":["int"]}]}"#)
    try collection.upsert(VectorObject(id: 1, vector: nil, properties: ["extra": 3, "year": 4]))
    #expect(try collection.weaviateClassDefinition()?.properties.count == 10)
    do throws(StoreError) {
      _ = try store.collection(
        fromWeaviateClass: #"{"class":"A","properties":[{"name":"year","dataType":["text"]}]}"#)
      Issue.record("accepted")
    } catch {
      #expect(
        error.message.contains(
          "dataType of \"year\" is immutable: attempted change from \"int\" to \"text\""),
        "\(error)")
    }
  }
}
