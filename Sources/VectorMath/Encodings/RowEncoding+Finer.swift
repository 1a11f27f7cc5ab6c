/// Rows of an encoding with the finer halves that a segment keeps in a section of their own: what ranks the best
/// candidates of a search, while walks and scans read the rows alone.
package struct FinerRows {
  /// The first row, and the bytes from row to row.
  let rows: UnsafeRawPointer
  let stride: Int
  /// The first finer half, and the bytes from one to the next.
  let finer: UnsafeRawPointer
  let finerStride: Int

  /// Rows and their finer halves, both of at least as many bytes as their encoding says.
  package init(
    rows: UnsafeRawPointer, stride: Int, finer: UnsafeRawPointer, finerStride: Int
  ) {
    self.rows = rows
    self.stride = stride
    self.finer = finer
    self.finerStride = finerStride
  }

  /// The first byte of a row and of its finer half.
  @inline(__always)
  func row(_ ordinal: UInt32) -> (row: UnsafePointer<UInt8>, finer: UnsafePointer<UInt8>) {
    (
      (rows + Int(ordinal) &* stride).assumingMemoryBound(to: UInt8.self),
      (finer + Int(ordinal) &* finerStride).assumingMemoryBound(to: UInt8.self)
    )
  }
}

extension RowEncoding {
  /// Most encodings have rows only.
  package var finerBytes: Int { 0 }

  /// Encodes a row that has no finer half.
  package func encode(
    _ vector: UnsafePointer<Float>, into row: UnsafeMutableRawPointer,
    finer: UnsafeMutableRawPointer?
  ) -> EncodeOutcome {
    encode(vector, into: row)
    return EncodeOutcome(clipped: false, exact: false)
  }

  /// There is nothing finer to measure by.
  package func measure(
    _ rows: FinerRows, _ ordinals: UnsafeBufferPointer<UInt32>, query: ExactDistance,
    into distances: UnsafeMutablePointer<Float>, isWhole: (Int, Bool) -> Void
  ) {}
}
