import StorageIO

/// Where a builder reads original vectors from.
package protocol VectorSource: Sendable {
  /// The rows to index, ascending, without repetition.
  var docIDs: [UInt64] { get }

  /// Hands the originals at `positions` of `docIDs` to `body`, in ascending order. `nil` stands for
  /// a vector that has vanished since the plan was made; the builder drops it.
  /// The pointer is valid during the call only and may be unaligned for SIMD, not for Float. Whoever reads
  /// knows the element type: floats or packed bits, as many bytes as that takes for the dimensions.
  func readBytes(
    _ positions: Range<Int>,
    into body: (_ position: Int, _ vector: UnsafeRawPointer?) throws(StoreError) -> Void
  ) throws(StoreError)
}

extension VectorSource {
  /// As `readBytes`, where vectors are floats.
  package func read(
    _ positions: Range<Int>,
    into body: (_ position: Int, _ vector: UnsafePointer<Float>?) throws(StoreError) -> Void
  ) throws(StoreError) {
    try readBytes(positions) { (position, vector) throws(StoreError) in
      try body(position, vector?.assumingMemoryBound(to: Float.self))
    }
  }
}
