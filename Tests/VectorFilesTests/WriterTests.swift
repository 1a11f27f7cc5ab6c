import ObjectStorage
import TestSupport
import Testing

@testable import VectorFiles

@Suite("Writing vector files")
struct WriterTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  @Test("What is written reads back bit for bit", arguments: ["o.fvecs", "o.npy", "o.jsonl"])
  func roundTrip(name: String) throws {
    var random = SeededGenerator(seed: 17)
    var rows = (0..<50).map { _ in (0..<5).map { _ in random.gaussian() } }
    rows.append([0, -0.0, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 1 / 3])
    let path = folder.path + "/" + name
    if name == "o.jsonl" {
      let writer = try JSONLinesWriter(path: path)
      for (id, row) in rows.enumerated() {
        try writer.append(id: .int(Int64(id)), vector: row, properties: [:])
      }
      try writer.finish()
    } else {
      let writer = try VectorFileWriter(path: path, dimensions: 5)
      for row in rows { try writer.append(row) }
      try writer.finish()
      #expect(writer.rowCount == rows.count)
    }
    let read = Reading(path)
    #expect(read.error == nil)
    #expect(read.vectors.map { $0?.map(\.bitPattern) } == rows.map { $0.map(\.bitPattern) })
  }

  @Test("Row numbers are written and read")
  func integers() throws {
    let path = folder.path + "/t.ivecs"
    let writer = try VectorFileWriter(path: path, dimensions: 2)
    try writer.append(integers: [1, .max])
    try writer.append([2, 3] as [Float])
    #expect(throws: VectorFileError.self) { try writer.append([0.5, 1] as [Float]) }
    #expect(throws: VectorFileError.self) { try writer.append(integers: [1]) }
    try writer.finish()
    #expect(try IntegerRows(path: path).values == [1, .max, 2, 3])
  }

  @Test("Objects are written with ids of every kind and without what is absent")
  func objects() throws {
    let path = folder.path + "/o.jsonl"
    let writer = try JSONLinesWriter(path: path)
    let ids: [ObjectID] = [
      .int(-1), .string("a\"b"), .uuid(high: 1, low: 2),
      .string("00000000-0000-0001-0000-000000000002"),
    ]
    for id in ids {
      try writer.append(id: id, vector: nil as [Float]?, properties: ["id": "p", "x": [1.5, nil]])
    }
    #expect(throws: VectorFileError.self) {
      try writer.append(id: 1, vector: [Float.nan], properties: [:])
    }
    try writer.finish()
    let read = Reading(path)
    #expect(read.error == nil)
    #expect(read.records.map(\.id) == ids)
    #expect(read.records.allSatisfy { $0.properties == ["id": "p", "x": [1.5, nil]] })
  }

  @Test("A file appears only when it is complete")
  func atomic() throws {
    let path = folder.file("o.fvecs", "old")
    do {
      let writer = try VectorFileWriter(path: path, dimensions: 1)
      try writer.append([1] as [Float])
    }
    #expect(TemporaryDirectory.contents(path) == Array("old".utf8))
    #expect(!TemporaryDirectory.exists(path + ".partial"))
    let writer = try VectorFileWriter(path: path, dimensions: 1)
    try writer.append([1] as [Float])
    try writer.finish()
    #expect(Reading(path).vectors == [[1]])
  }

  @Test("What cannot be written is refused")
  func refused() {
    for (name, dimensions) in [("a.fvecs", 0), ("a.txt", 1), ("a.bvecs", 1), ("no/a.fvecs", 1)] {
      #expect(throws: VectorFileError.self) {
        try VectorFileWriter(path: folder.path + "/" + name, dimensions: dimensions)
      }
    }
    #expect(throws: VectorFileError.self) { try JSONLinesWriter(path: folder.path) }
  }
}
