import StorageIO

/// Where a builder reads original vectors from.
package protocol VectorSource: Sendable {
  /// The rows to index, ascending, without repetition.
  var docIDs: [UInt64] { get }

  /// Hands the originals at `positions` of `docIDs` to `body`, in ascending order. `nil` stands for
  /// a vector that has vanished since the plan was made; the builder drops it.
  /// The pointer is valid during the call only and may be unaligned for SIMD, not for Float.
  func read(
    _ positions: Range<Int>,
    into body: (_ position: Int, _ vector: UnsafePointer<Float>?) throws(StoreError) -> Void
  ) throws(StoreError)
}
