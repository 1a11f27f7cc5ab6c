import Seamstone
import SeamstoneImport
import VectorFiles

/// The vectors of a file by row number, all in memory.
struct OriginalsFile {
  private var vectors: [VectorValue]

  init(path: String, shape: VectorShape) throws(VectorFileError) {
    vectors = try QueryReader.all(path, shape: shape)
  }

  /// A row; nil if there is no such row.
  func vector(_ row: Int) throws -> VectorValue? {
    vectors.indices.contains(row) ? vectors[row] : nil
  }
}
