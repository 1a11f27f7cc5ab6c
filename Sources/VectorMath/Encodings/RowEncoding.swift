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
  /// Bytes of a row's finer half, which a segment keeps in a section of its own; 0 where there is none.
  var finerBytes: Int { get }
  /// Encodes one vector with its finer half (``finerBytes`` bytes). *Exact* is a row that decodes to its vector, bit
  /// for bit, or says of itself that it does not, which makes it a *clipped* one.
  func encode(
    _ vector: UnsafePointer<Float>, into row: UnsafeMutableRawPointer,
    finer: UnsafeMutableRawPointer?
  ) -> EncodeOutcome
  /// The distances of the rows named by `ordinals` by both halves. `isWhole` is told of each, by its place among the
  /// ordinals, whether it lies within the range of the codes.
  func measure(
    _ rows: FinerRows, _ ordinals: UnsafeBufferPointer<UInt32>, query: ExactDistance,
    into distances: UnsafeMutablePointer<Float>, isWhole: (Int, Bool) -> Void)
  /// What a segment keeps of the encoding beside its rows.
  var bytes: [UInt8] { get }
}
