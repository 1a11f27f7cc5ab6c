import ObjectStorage
import TestSupport
import Testing

@testable import VectorFiles

@Suite("Reading text files")
struct TextFileTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  @Test("id, vector, properties and other names are told apart")
  func rows() {
    let text = """
      {"id": 7, "vector": [1, -0.5, 2e1], "properties": {"a": [1, null]}, "b": "x"}

      {"vector": [0.1, 0, -0], "id": "k"}\r
        \t
      {"title": "no vector", "vector": null, "id": null}
      {"properties": 3, "id": "123e4567-e89b-12d3-a456-426614174000"}
      """
    let read = Reading(folder.file("a.jsonl", "\u{FEFF}" + text))
    #expect(read.error == nil)
    #expect(read.vectors == [[1, -0.5, 20], [0.1, 0, -0.0], nil, nil])
    #expect(read.dimensions == 3)
    #expect(read.rowCount == nil)
    #expect(
      read.records.map(\.id) == [
        7, "k", nil, .uuid(high: 0x123e_4567_e89b_12d3, low: 0xa456_4266_1417_4000),
      ])
    #expect(
      read.records.map(\.properties) == [
        ["a": [1, nil], "b": "x"], [:], ["title": "no vector"], ["properties": 3],
      ])
    #expect(read.records.map(\.line) == [1, 3, 5, 6])
  }

  private static let badRows: [(String, String)] = [
    ("{\"vector\": [1, 2}", "not the JSON expected"), ("[1, 2]", "expected an object"),
    ("{\"vector\": [1]}", "1 dimensions, the rows before it 2"),
    ("{\"vector\": []}", "0 dimensions"), ("{\"vector\": \"x\"}", "expected a vector"),
    ("{\"vector\": [1, \"2\"]}", "expected a number"), ("{\"vector\": [1, null]}", "a number"),
    ("{\"id\": 1.5, \"vector\": [1, 2]}", "id"), ("{\"id\": [1]}", "id"), ("{\"id\": \"\"}", "id"),
    ("{\"id\": 99999999999999999999}", "id"), ("{\"a\": 1} {\"b\": 2}", "the end of the text"),
    ("{\"a\": 1, \"a\": 2}", "given twice"), ("{\"a\": 1, \"properties\": {\"a\": 2}}", "twice"),
    ("{\"a\": \"\\ud800\"}", "surrogate"), ("garbage", "expected an object"),
    ("{\"id\": \"" + String(repeating: "x", count: 481) + "\"}", "481"),
    ("{\"a\": " + String(repeating: "[", count: 100_000), "nested deeper"),
  ]

  @Test("A bad row is named, and the rows before it are given", arguments: badRows)
  func badRow(row: String, reason: String) {
    let good = "{\"id\": 1, \"vector\": [1, 2]}\n\n{\"id\": 2, \"vector\": [3, 4]}\n"
    let read = Reading(folder.file("a.jsonl", good + row + "\n" + good))
    #expect(read.vectors == [[1, 2], [3, 4]])
    #expect(read.error?.kind == .data)
    #expect(read.error?.row == 2)
    #expect(read.error?.line == 4)
    #expect(read.error?.description.contains(reason) == true, "\(read.error?.description ?? "")")
    #expect(read.error?.remedy != nil)
    if reason == "id" { #expect(read.error?.remedy?.contains("480 bytes") == true) }
  }

  @Test("A byte order mark is passed over", arguments: ["a.jsonl", "a.jsonl.gz"])
  func mark(name: String) {
    let text = Array("\u{FEFF}{\"id\": 1, \"vector\": [1, 2]}\n{\"id\": 2}\n".utf8)
    let read = Reading(folder.file(name, name.hasSuffix("gz") ? FileBytes.gzip(text) : text))
    #expect(read.error == nil)
    #expect(read.records.map(\.id) == [1, 2])
    let wide: [UInt8] = [0xFE, 0xFF] + Array("\0{\0}".utf8)
    let other = Reading(folder.file(name, name.hasSuffix("gz") ? FileBytes.gzip(wide) : wide))
    #expect(other.error?.reason == "the text is UTF-16")
  }

  @Test(
    "Components that are not finite are named",
    arguments: [
      "NaN", "Infinity", "-Infinity", "1e39", "-1e400", "nan",
    ])
  func notFinite(text: String) {
    let read = Reading(folder.file("a.jsonl", "{\"vector\": [1, 2, \(text), 3]}"))
    #expect(read.error?.row == 0)
    #expect(read.error?.line == 1)
    #expect(read.error?.column == 2, "\(read.error?.description ?? "")")
  }

  @Test("Invalid UTF-8 and UTF-16 are refused")
  func encodings() {
    let invalid = Array("{\"a\": \"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)
    #expect(Reading(folder.file("a.jsonl", invalid)).error?.row == 0)
    let wide: [UInt8] = [0xFF, 0xFE] + Array("{\0}\0".utf8)
    #expect(Reading(folder.file("b.jsonl", wide)).error?.reason == "the text is UTF-16")
  }

  @Test("A line that is too long is refused without being held")
  func longLine() {
    let text = "{\"a\":1}\n{\"a\":\"" + String(repeating: "x", count: 2_000) + "\"}\n{}"
    let path = folder.file("a.jsonl", text)
    #expect(Reading(path).error == nil)
    let read = Reading(path, options: .init(maximumLineLength: 1_000))
    #expect(read.records.count == 1)
    #expect(read.error?.line == 2)
    #expect(read.error?.row == 1)
  }

  @Test("Lines of any length survive any cut between reads")
  func lineLengths() {
    var random = SeededGenerator(seed: 21)
    var text = ""
    var lengths: [Int] = []
    for _ in 0..<40 {
      let length = Int.random(in: 0..<60_000, using: &random)
      lengths.append(length)
      text += "{\"t\":\"" + String(repeating: "y", count: length) + "\"}\n"
    }
    for (name, bytes) in [
      ("a.jsonl", Array(text.utf8)), ("a.jsonl.gz", FileBytes.gzip(Array(text.utf8))),
    ] {
      let read = Reading(folder.file(name, bytes))
      #expect(read.error == nil)
      let found = read.records.map { record -> Int in
        if case .string(let t) = record.properties["t"] { t.utf8.count } else { -1 }
      }
      #expect(found == lengths, "seed 21, \(name)")
    }
  }

  @Test("gzip of one or several members is read whatever the file is called")
  func gzip() {
    let first = FileBytes.gzip(Array("{\"id\":1}\n{\"id\"".utf8))
    let second = FileBytes.gzip(Array(":2}\n".utf8))
    for name in ["a.jsonl.gz", "a.jsonl"] {
      for padding in [0, 1, 512] {
        let bytes = first + second + [UInt8](repeating: 0, count: padding)
        let read = Reading(folder.file(name, bytes))
        #expect(read.error == nil)
        #expect(read.records.map(\.id) == [1, 2])
      }
    }
    #expect(Reading(folder.file("b.jsonl.gz", FileBytes.gzip([]))).error == nil)
    #expect(Reading(folder.file("c.jsonl.gz", "{\"id\":1}")).error?.reason.contains("gzip") == true)
  }

  @Test("A compressed file cut or changed anywhere is an error, never silence")
  func damagedGzip() {
    let text = (0..<50).map { "{\"id\":\($0),\"t\":\"\($0 * 7919)\"}\n" }.joined()
    let whole = FileBytes.gzip(Array(text.utf8))
    for length in 0..<whole.count {
      let read = Reading(folder.file("a.jsonl.gz", Array(whole.prefix(length))))
      #expect(read.error != nil, "cut at \(length)")
    }
    // Flag, time, extra flags and system of the header are not protected by any checksum.
    for index in 10..<whole.count {
      var bytes = whole
      bytes[index] ^= 0x10
      let read = Reading(folder.file("b.jsonl.gz", bytes))
      // A few bits between the data and the checksum mean nothing.
      let isSame = read.records == Reading(folder.file("c.jsonl.gz", whole)).records
      #expect(read.error != nil || isSame, "changed at \(index)")
    }
    let trailing = Reading(folder.file("d.jsonl.gz", whole + Array("garbage".utf8)))
    #expect(trailing.error != nil)
  }

  @Test("Progress reaches the length of the file")
  func progress() throws {
    let bytes = FileBytes.gzip(Array("{\"id\":1}\n".utf8))
    let reader = try VectorFileReader.open(folder.file("a.jsonl.gz", bytes))
    while try reader.nextBatch() != nil {}
    #expect(reader.progress.bytes == bytes.count)
    #expect(reader.progress.total == bytes.count)
  }

  @Test("A damaged text gives rows or an error, never a trap")
  func damagedText() {
    let row = #"{"id":"k\u00e9","vector":[1,-2.5e-3,0.123456789012345678],"properties":{"a":[{}]}}"#
    let whole = Array(row.utf8)
    var random = SeededGenerator(seed: 77)
    let letters = Array("\"\\{}[],:0.eE-+nu\u{0}\u{ff}".utf8)
    for round in 0..<400 {
      var bytes = whole
      for _ in 0...Int.random(in: 0..<3, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch round % 3 {
        case 0: bytes[index] = letters.randomElement(using: &random) ?? 0
        case 1: bytes.remove(at: index)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
        }
      }
      let read = Reading(folder.file("a.jsonl", bytes))
      #expect(read.vectors.count + (read.error == nil ? 0 : 1) >= 1, "seed 77, round \(round)")
    }
  }

  @Test("A pipe is read as it comes, but not where rows are counted by the file's length")
  func pipe() throws {
    let text = (0..<2_000).map { "{\"id\":\($0)}\n" }.joined()
    let path = try #require(TemporaryDirectory.pipe(holding: text))
    let reader = try VectorFileReader(path: path, format: .jsonl)
    var ids: [ObjectID?] = []
    while let batch = try reader.nextBatch() { ids += batch.records.map(\.id) }
    #expect(ids == (0..<2_000).map { .int($0) })
    #expect(reader.progress.total == nil)
    let other = try #require(TemporaryDirectory.pipe(holding: "x"))
    #expect(throws: VectorFileError.self) { try VectorFileReader(path: other, format: .fvecs) }
  }
}
