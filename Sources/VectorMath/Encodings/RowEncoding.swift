/// How the rows of one segment are stored for searching: chosen or trained once, then the same for every
/// row.
///
/// A search prepares its query once and compares it with rows by ``kernel``. What the kernel reads lies in
/// the prepared query and in the row's ``rowBytes`` bytes, whatever these hold: rows may come from a
/// damaged file.
package protocol RowEncoding: Sendable {
  /// The metric that the rows serve.
  var metric: Metric { get }
  /// Components of every vector.
  var dimensions: Int { get }
  /// Bytes of one row; what pads it in a section is zero.
  var rowBytes: Int { get }
  /// Encodes one vector as the caller gave it (for cosine it is normalised on the way) into `rowBytes`
  /// bytes at any alignment.
  func encode(_ vector: UnsafePointer<Float>, into row: UnsafeMutableRawPointer)
  /// Bytes of a prepared query.
  var queryBytes: Int { get }
  /// Writes a query, as the caller gave it, in the form that ``kernel`` takes, to ``queryBytes`` bytes
  /// that start on a cache line.
  func prepare(query: UnsafePointer<Float>, into memory: UnsafeMutableRawPointer)
  /// Compares a prepared query with rows; its keys sort as the distances do.
  var kernel: BatchKernel { get }
  /// The `dimensions` that ``kernel`` is called with.
  var kernelDimensions: Int { get }
  /// The distance, about, that a key of a prepared query stands for.
  func distance(ofKey key: UInt32, query: UnsafeRawPointer) -> Float
  /// What a segment keeps of the encoding beside its rows.
  var bytes: [UInt8] { get }
}
