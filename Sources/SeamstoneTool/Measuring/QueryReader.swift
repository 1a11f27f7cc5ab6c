import VectorFiles

/// Reads query vectors from a file.
struct QueryReader {
  private let reader: VectorFileReader

  /// - Parameter dimensions: What the collection has, if it knows.
  init(path: String, dimensions: Int?, batch: Int = 1_000) throws(VectorFileError) {
    reader = try VectorFileReader.open(
      path, options: VectorFileOptions(expectedDimensions: dimensions, batchRows: batch))
  }

  /// The next vectors; nil at the end.
  func next() throws(VectorFileError) -> [[Float]]? {
    guard let batch = try reader.nextBatch() else { return nil }
    var vectors: [[Float]] = []
    vectors.reserveCapacity(batch.rowCount)
    for row in 0..<batch.rowCount {
      guard let vector = batch.vector(row) else {
        throw VectorFileError(
          file: reader.path, row: batch.firstRow + row, reason: "the query has no vector")
      }
      vectors.append(Array(vector))
    }
    return vectors
  }

  /// All vectors of a file.
  static func all(_ path: String, dimensions: Int?) throws(VectorFileError) -> [[Float]] {
    let reader = try QueryReader(path: path, dimensions: dimensions)
    var vectors: [[Float]] = []
    while let next = try reader.next() { vectors += next }
    return vectors
  }
}
