import TestSupport
import Testing

@testable import VectorFiles

@Suite("Rows of bytes, for packed bits")
struct ByteRowTests {
  let folder: TemporaryDirectory
  init() throws { folder = try TemporaryDirectory() }

  private let options = VectorFileOptions(holdsBytes: true)
  private let rows: [[UInt8]] = [[0, 255, 7], [128, 1, 2], [3, 4, 5]]

  @Test("files of bytes are read", arguments: ["bvecs", "npy"])
  func written(_ format: String) throws {
    let path = "\(folder.file("a.\(format)"))"
    let writer = try VectorFileWriter(path: path, dimensions: 3, holdsBytes: true)
    for row in rows { try writer.append(bytes: row) }
    #expect(throws: VectorFileError.self) { try writer.append(bytes: [1]) }
    #expect(throws: VectorFileError.self) { try writer.append([1, 2, 3] as [Float]) }
    try writer.finish()
    let read = Reading(path, options: options)
    #expect(read.error == nil)
    #expect(read.vectors == rows.map { $0.map { Float($0) } })
  }

  @Test("files of other numbers are refused before a row is read")
  func others() throws {
    let floats = folder.file("a.fvecs", FileBytes.fvecs([[1, 2, 3]]))
    let refused = Reading(floats, options: options)
    #expect(refused.vectors.isEmpty)
    #expect(refused.error?.reason.contains("float32") == true)
    #expect(refused.error?.remedy?.contains(".bvecs") == true)
    let path = "\(folder.file("b.npy"))"
    let writer = try VectorFileWriter(path: path, dimensions: 2)
    try writer.append([1, 2] as [Float])
    #expect(throws: VectorFileError.self) { try writer.append(bytes: [1, 2]) }
    try writer.finish()
    #expect(Reading(path, options: options).error != nil)
    #expect(throws: VectorFileError.self) {
      try VectorFileWriter(path: "\(folder.file("c.fvecs"))", dimensions: 3, holdsBytes: true)
    }
  }

  @Test("lines of JSON hold bytes, or are refused with line and component")
  func lines() {
    let good = folder.file("a.jsonl", #"{"vector":[0,255,7]}"# + "\n" + #"{"id":"n"}"# + "\n")
    #expect(Reading(good, options: options).vectors == [[0, 255, 7], nil])
    for bad in ["256", "-1", "0.5", "1e9"] {
      let path = folder.file("b.jsonl", #"{"vector":[1,2]}"# + "\n{\"vector\":[3,\(bad)]}\n")
      let read = Reading(path, options: options)
      #expect(read.vectors == [[1, 2]])
      #expect(read.error?.line == 2 && read.error?.column == 1, "\(bad)")
      #expect(read.error?.reason.contains("0 to 255") == true)
    }
  }
}
