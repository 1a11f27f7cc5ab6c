import ObjectStorage
import StorageIO
import TestSupport
import Testing

@Suite struct ObjectTableTests {
  private func sample(_ number: Int) -> StoredObject {
    StoredObject(
      id: .string("object \(number)"),
      properties: [
        "title": .string("Title \(number)"), "year": .int(Int64(number)),
        "text": .string(String(repeating: "the quick brown fox \(number) ", count: number % 40)),
      ], flags: UInt8(truncatingIfNeeded: number))
  }

  @Test func objectsReadBackInOrder() throws {
    let fixture = try Fixture()
    let objects = fixture.tables.objects
    try fixture.environment.write { (transaction) throws(StoreError) in
      for number in 0..<200 {
        try objects.put(sample(number), docID: UInt64(number), append: true, in: transaction)
      }
      try objects.put(sample(1000), docID: 7, in: transaction)
      #expect(try objects.remove(9, in: transaction))
      #expect(try !objects.remove(9, in: transaction))
    }
    try fixture.environment.read { (transaction) throws(StoreError) in
      #expect(try objects.count(in: transaction) == 199)
      #expect(try objects.get(3, in: transaction) == sample(3))
      #expect(try objects.get(7, in: transaction) == sample(1000))
      #expect(try objects.get(9, in: transaction) == nil)
      #expect(try objects.objectID(of: 39, in: transaction) == sample(39).id)
      var seen: [UInt64] = []
      try objects.forEach(docIDs: 5...12, in: transaction) { (docID, object) throws(StoreError) in
        #expect(object == (docID == 7 ? sample(1000) : sample(Int(docID))))
        seen.append(docID)
        return seen.count < 6
      }
      #expect(seen == [5, 6, 7, 8, 10, 11])
    }
  }

  @Test func repetitiveTextTakesLessThanItsLength() throws {
    let fixture = try Fixture()
    let text = String(repeating: "all work and no play ", count: 5000)
    try fixture.environment.write { (transaction) throws(StoreError) in
      let object = StoredObject(id: 1, properties: ["text": .string(text)])
      try fixture.tables.objects.put(object, docID: 1, in: transaction)
    }
    try fixture.environment.read { (transaction) throws(StoreError) in
      let object = try fixture.tables.objects.get(1, in: transaction)
      #expect(object?.properties["text"] == .string(text))
      #expect(try fixture.tables.objects.table.statistics(in: transaction).bytes < text.count / 10)
    }
  }

  @Test func propertiesThatDoNotCompressReadBack() throws {
    let fixture = try Fixture()
    var generator = SeededGenerator(seed: 5)
    let numbers = (0..<500).map { _ in
      PropertyValue.int(Int64(bitPattern: generator.next()))
    }
    let object = StoredObject(id: .int(-5), properties: ["numbers": .array(numbers)], flags: 255)
    try fixture.environment.write { (transaction) throws(StoreError) in
      try fixture.tables.objects.put(object, docID: 1, in: transaction)
    }
    try fixture.environment.read { (transaction) throws(StoreError) in
      #expect(try fixture.tables.objects.get(1, in: transaction) == object)
    }
  }

  @Test func idsMapToDocIDsAndListInTheirOrder() throws {
    let fixture = try Fixture()
    let ids = fixture.tables.ids
    let all: [ObjectID] = [.int(-3), .int(9), .uuid(high: 1, low: 2), .string("a"), .string("b")]
    try fixture.environment.write { (transaction) throws(StoreError) in
      for (number, id) in all.enumerated().reversed() {
        try ids.put(id, docID: UInt64(number), in: transaction)
      }
      try ids.put(.string("gone"), docID: 99, in: transaction)
      #expect(try ids.remove(.string("gone"), in: transaction))
      #expect(try !ids.remove(.string("gone"), in: transaction))
      #expect(errorCode { try ids.put(.string(""), docID: 1, in: transaction) } == .invalidArgument)
    }
    try fixture.environment.read { (transaction) throws(StoreError) in
      #expect(try ids.docID(for: .string("b"), in: transaction) == 4)
      #expect(try ids.docID(for: .string("gone"), in: transaction) == nil)
      var seen: [ObjectID] = []
      try ids.forEach(from: .int(0), in: transaction) { (id, _) throws(StoreError) in
        seen.append(id)
        return true
      }
      #expect(seen == Array(all.dropFirst()))
      #expect(try ids.count(in: transaction) == 5)
    }
  }

  @Test func deleteRecordsAndArtifactsReadBack() throws {
    let fixture = try Fixture()
    let (deleted, artifacts) = (fixture.tables.deleted, fixture.tables.artifacts)
    try fixture.environment.write { (transaction) throws(StoreError) in
      for docID in [8, 2, 5] as [UInt64] {
        try deleted.put(docID, commitNumber: docID * 10, in: transaction)
      }
      try artifacts.put(Array("b/2".utf8), [1, 2, 3], in: transaction)
      try artifacts.put(Array("b/1".utf8), [], in: transaction)
      try artifacts.put(Array("c".utf8), [9], in: transaction)
      #expect(errorCode { try artifacts.put([], [1], in: transaction) } == .invalidArgument)
    }
    try fixture.environment.read { (transaction) throws(StoreError) in
      var seen: [[UInt64]] = []
      try deleted.forEach(docIDs: 3...8, in: transaction) { (docID, commit) throws(StoreError) in
        seen.append([docID, commit])
        return true
      }
      #expect(seen == [[5, 50], [8, 80]])
      #expect(try deleted.count(in: transaction) == 3)
      var names: [String] = []
      try artifacts.forEach(prefix: Array("b/".utf8), in: transaction) {
        (key, value) throws(StoreError) in
        names.append(String(decoding: key, as: UTF8.self) + " \(value.count)")
        return true
      }
      #expect(names == ["b/1 0", "b/2 3"])
    }
  }
}
