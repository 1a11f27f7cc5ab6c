import Seamstone

/// Consecutive rows of a file, ready to be written.
struct ImportBatch: Sendable {
  /// The number of the first row in the file, counted from zero.
  var firstRow: Int
  var objects: [VectorObject]
  /// The share of the file that is read once this batch is; nil where nobody knows.
  var fraction: Double?
  /// What the file says of itself: before all rows, in a batch that has none.
  var file: VectorFileDescription?
}
