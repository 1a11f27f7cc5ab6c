import CVectorKernels

/// One query against many rows: the inner loop of every search.
///
/// Both forms write unsigned keys that sort as the distances do (``DistanceKey``). A row may start at any
/// address; rows and queries are only read within their dimensions.
package struct BatchKernel: Sendable {
  /// `(query, base, stride, ordinals, count, dimensions, keys)`: row i starts at
  /// `base + ordinals[i] * stride`. Prefetches ahead of the row being computed.
  package typealias Gather =
    @convention(c) (
      UnsafeRawPointer, UnsafeRawPointer, Int, UnsafePointer<UInt32>, Int, Int,
      UnsafeMutablePointer<UInt32>
    ) -> Void
  /// `(query, base, stride, count, dimensions, keys)`: row i starts at `base + i * stride`.
  package typealias Scan =
    @convention(c) (
      UnsafeRawPointer, UnsafeRawPointer, Int, Int, Int, UnsafeMutablePointer<UInt32>
    ) -> Void
  /// `(query, base, stride, count, dimensions, bar, keys, found)`: looks for rows whose keys are not above the bar,
  /// ``seekRows`` at a time. Returns the first row of the first such group that has any, with the keys of the group
  /// and, bit by bit, which rows are meant; the count and 0 where there is none.
  package typealias Seek =
    @convention(c) (
      UnsafeRawPointer, UnsafeRawPointer, Int, Int, Int, UInt32, UnsafeMutablePointer<UInt32>,
      UnsafeMutablePointer<UInt64>
    ) -> Int

  /// Rows that ``Seek`` looks at together, at most.
  @inlinable package static var seekRows: Int { VK_SEEK_ROWS }

  /// Rows named by ordinal.
  package let gather: Gather
  /// Neighbouring rows.
  package let scan: Scan
  /// Neighbouring rows, most of which are too far away to be told of; nil where comparing a row takes so long that
  /// there is nothing to be gained.
  package let seek: Seek?

  init(_ batch: vk_batch, seek: Seek? = nil) {
    self.seek = seek
    gather = batch.gather
    scan = batch.scan
  }
}
