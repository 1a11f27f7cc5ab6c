import Testing

@testable import Seamstone

@Suite struct BitsRecordTests {
  private struct Print: VectorRecord, Equatable {
    var id: String
    var title: String
    var vector: [UInt8]
  }

  private struct Perhaps: VectorRecord, Equatable {
    var id: String
    var vector: [UInt8]?
  }

  private struct Wrong: VectorRecord {
    var id: String
    var vector: [Float]
  }

  @Test func recordsOfBytesAreStoredAndFound() throws {
    let bench = try StoreBench()
    let prints = try bench.store.collection(
      "prints", of: Print.self, .init(dimensions: 16, elementType: .bits))
    let all = [
      Print(id: "a", title: "first", vector: [0, 1]),
      Print(id: "b", title: "second", vector: [255, 0]),
    ]
    try prints.upsert(all)
    #expect(try prints.get("b") == all[1])
    let hits = try prints.search(near: .bits([254, 0]), limit: 2)
    #expect(hits.map(\.object) == [all[1], all[0]])
    #expect(hits.map(\.distance) == [1, 8])
    #expect(try prints.collection.get("a")?.properties == ["title": "first"])
  }

  @Test func theVectorMayBeMissing() throws {
    let bench = try StoreBench()
    let things = try bench.store.collection(
      "perhaps", of: Perhaps.self, .init(dimensions: 8, elementType: .bits))
    let all = [Perhaps(id: "a", vector: nil), Perhaps(id: "b", vector: [7])]
    try things.upsert(all)
    #expect(try things.get(["a", "b"]) == all)
  }

  @Test func bytesAreNeverReadAsNumbers() throws {
    let bench = try StoreBench()
    let prints = try bench.store.collection(
      "prints", of: Print.self, .init(dimensions: 16, elementType: .bits))
    try prints.upsert(Print(id: "a", title: "first", vector: [0, 1]))
    let error = #expect(throws: StoreError.self) {
      try TypedCollection<Wrong>(prints.collection).get("a")
    }
    #expect(error?.remedy?.contains("[UInt8]") == true)
  }
}
