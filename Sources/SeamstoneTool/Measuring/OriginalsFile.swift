import VectorFiles

/// The vectors of a file by row number, all in memory.
struct OriginalsFile {
  private var vectors: [[Float]]

  init(path: String, dimensions: Int?) throws(VectorFileError) {
    vectors = try QueryReader.all(path, dimensions: dimensions)
  }

  /// A row; nil if there is no such row.
  func vector(_ row: Int) throws -> [Float]? {
    vectors.indices.contains(row) ? vectors[row] : nil
  }
}
