import TestSupport
import Testing

@testable import VectorFiles

@Suite("Reading binary vector files")
struct BinaryFileTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  @Test("fvecs, bvecs and ivecs give their rows, in batches")
  func vecs() {
    let rows: [[Float]] = (0..<7).map { [Float($0), -0.5, .leastNonzeroMagnitude] }
    let read = Reading(
      folder.file("a.fvecs", FileBytes.fvecs(rows)), options: .init(batchRows: 3))
    #expect(read.error == nil)
    #expect(read.vectors == rows)
    #expect(read.batchSizes == [3, 3, 1])
    #expect(read.rowCount == 7)
    #expect(read.dimensions == 3)
    #expect(read.records.isEmpty)

    let bytes = Reading(folder.file("a.bvecs", FileBytes.bvecs([[0, 255], [7, 8]])))
    #expect(bytes.vectors == [[0, 255], [7, 8]])
    let whole = Reading(folder.file("a.ivecs", FileBytes.ivecs([[-3, 16_777_216]])))
    #expect(whole.vectors == [[-3, 16_777_216]])
  }

  @Test("A batch is bounded in bytes and has at least one row")
  func batchBytes() {
    let path = folder.file("a.fvecs", FileBytes.fvecs([[1, 2], [3, 4], [5, 6]]))
    #expect(Reading(path, options: .init(batchBytes: 1)).batchSizes == [1, 1, 1])
    #expect(Reading(path, options: .init(batchBytes: 25)).batchSizes == [2, 1])
    #expect(Reading(path, options: .init(batchRows: 0)).batchSizes == [1, 1, 1])
  }

  @Test("Reading goes on at a later row")
  func seek() throws {
    let rows = (0..<10).map { [Float($0)] }
    let paths = [
      folder.file("a.fvecs", FileBytes.fvecs(rows)),
      folder.file("a.jsonl", rows.map { "{\"vector\":\($0)}\n" }.joined(separator: "\n")),
    ]
    for path in paths {
      let reader = try VectorFileReader.open(path, options: .init(batchRows: 2))
      _ = try reader.nextBatch()
      try reader.seek(toRow: 7)
      let batch = try #require(try reader.nextBatch())
      #expect(batch.firstRow == 7)
      #expect(batch.vector(0) == [7])
      #expect(throws: VectorFileError.self) { try reader.seek(toRow: 1) }
      try reader.seek(toRow: 11)
      #expect(try reader.nextBatch() == nil)
    }
  }

  @Test("An empty file has no rows")
  func empty() {
    for name in ["a.fvecs", "a.bvecs", "a.ivecs"] {
      let read = Reading(folder.file(name, [UInt8]()))
      #expect(read.error == nil)
      #expect(read.vectors.isEmpty)
      #expect(read.rowCount == 0)
      #expect(read.dimensions == nil)
    }
  }

  @Test("A file cut anywhere is refused before any row is given")
  func truncated() {
    let bytes = FileBytes.fvecs([[1, 2], [3, 4]])
    for length in 1..<bytes.count where length != 12 {
      let read = Reading(folder.file("a.fvecs", Array(bytes.prefix(length))))
      #expect(read.error?.kind == .data, "\(length)")
      #expect(read.vectors.isEmpty)
    }
  }

  @Test("Absurd dimensions are refused", arguments: [0, -1, .min, .max, 1 << 20 + 1] as [Int32])
  func absurdDimensions(dimensions: Int32) {
    let path = folder.file("a.bvecs", FileBytes.little(dimensions) + [1, 2, 3])
    #expect(Reading(path).error?.row == 0)
  }

  @Test("A row of another length ends the reading after the rows before it")
  func anotherLength() throws {
    var bytes = FileBytes.bvecs([[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]])
    bytes[8] = 5
    let read = Reading(folder.file("a.bvecs", bytes))
    #expect(read.vectors.count == 1)
    let error = try #require(read.error)
    #expect(error.row == 1)
    #expect(error.description.contains("a.bvecs, row 1, byte 8: the vector has 5 dimensions"))
  }

  @Test("NaN and infinite components are named by row and component")
  func notFinite() {
    for value in [Float.nan, .infinity, -.infinity, -.nan] {
      let path = folder.file("a.fvecs", FileBytes.fvecs([[1, 2, 3], [4, 5, value], [7, 8, 9]]))
      let read = Reading(path)
      #expect(read.vectors == [[1, 2, 3]])
      #expect(read.error?.row == 1)
      #expect(read.error?.column == 2)
    }
  }

  @Test("Other dimensions than expected are refused at once")
  func expectedDimensions() {
    let path = folder.file("a.fvecs", FileBytes.fvecs([[1, 2]]))
    #expect(Reading(path, options: .init(expectedDimensions: 2)).error == nil)
    let read = Reading(path, options: .init(expectedDimensions: 3))
    #expect(read.error?.reason == "the vectors have 2 dimensions, but 3 are expected")
  }

  @Test("A whole number that no float equals is refused")
  func wholeNumbers() {
    let path = folder.file("a.ivecs", FileBytes.ivecs([[1, 16_777_217]]))
    #expect(Reading(path).error?.column == 1)
  }

  @Test("Missing files, folders and unknown endings are errors of their own")
  func unreadable() {
    #expect(Reading(folder.path + "/none.npy").error?.kind == .notFound)
    #expect(Reading(folder.path + "/none").error?.reason.contains("known format") == true)
    #expect(Reading("/tmp/..fvecs").error != nil)
    let read = Reading("/dev/null.fvecs")
    #expect(read.error != nil)
  }

  @Test("Row numbers of neighbours are read whole")
  func integerRows() throws {
    let path = folder.file("t.ivecs", FileBytes.ivecs([[1, .max], [-1, 0]]))
    let rows = try IntegerRows(path: path)
    #expect(rows.width == 2)
    #expect(rows.rowCount == 2)
    #expect(rows.row(0).map { Array($0) } == [1, .max])
    #expect(rows.row(1).map { Array($0) } == [-1, 0])
    #expect(rows.row(2) == nil)
    var bytes = FileBytes.ivecs([[1, 2], [3, 4]])
    bytes[12] = 1
    let bad = folder.file("b.ivecs", bytes)
    #expect(throws: VectorFileError.self) { try IntegerRows(path: bad) }
  }

  @Test("Random bytes give rows or an error, never a trap")
  func randomBytes() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<100 {
      var bytes = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      for (index, byte) in FileBytes.little(Int32(4)).enumerated() where index < bytes.count {
        bytes[index] = byte
      }
      for name in ["r.fvecs", "r.bvecs", "r.ivecs", "r.npy", "r.jsonl", "r.jsonl.gz"] {
        _ = Reading(folder.file(name, bytes))
      }
    }
  }
}
