import Seamstone
import VectorFiles

/// Writes the ids of results to an .ivecs file, one row for each query; rows with fewer results end
/// in -1.
struct IDFileWriter {
  private let path: String
  private let width: Int
  private let writer: VectorFileWriter

  init(path: String, width: Int) throws(VectorFileError) {
    self.path = path
    self.width = width
    writer = try VectorFileWriter(path: path, dimensions: width)
  }

  /// Appends the ids of one query.
  func append(_ ids: [ObjectID]) throws(VectorFileError) {
    var row = [Int32](repeating: -1, count: width)
    for (index, id) in ids.prefix(width).enumerated() {
      guard case .int(let number) = id, let small = Int32(exactly: number) else {
        throw VectorFileError(
          file: path, row: writer.rowCount,
          reason: "the id \(id) is not a whole number of 32 bits, as .ivecs needs",
          remedy: "Use --json")
      }
      row[index] = small
    }
    try writer.append(integers: row)
  }

  /// Completes the file.
  func finish() throws(VectorFileError) { try writer.finish() }
}
