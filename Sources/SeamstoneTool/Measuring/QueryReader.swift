import Seamstone
import SeamstoneImport
import VectorFiles

/// Reads query vectors from a file.
struct QueryReader {
  private let reader: VectorFileReader
  private let shape: VectorShape

  /// - Parameter shape: What the collection's vectors are.
  init(path: String, shape: VectorShape, batch: Int = 1_000) throws(VectorFileError) {
    self.shape = shape
    reader = try VectorFileReader.open(path, options: shape.options(batchRows: batch))
  }

  /// The next vectors; nil at the end.
  func next() throws(VectorFileError) -> [VectorValue]? {
    guard let batch = try reader.nextBatch() else { return nil }
    var vectors: [VectorValue] = []
    vectors.reserveCapacity(batch.rowCount)
    for row in 0..<batch.rowCount {
      guard let vector = batch.vector(row).flatMap({ shape.value(of: $0) }) else {
        throw VectorFileError(
          file: reader.path, row: batch.firstRow + row, reason: "the query has no vector")
      }
      vectors.append(vector)
    }
    return vectors
  }

  /// All vectors of a file.
  static func all(_ path: String, shape: VectorShape) throws(VectorFileError) -> [VectorValue] {
    let reader = try QueryReader(path: path, shape: shape)
    var vectors: [VectorValue] = []
    while let next = try reader.next() { vectors += next }
    return vectors
  }
}
