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

  /// Rows named by ordinal.
  package let gather: Gather
  /// Neighbouring rows.
  package let scan: Scan

  init(_ batch: vk_batch) {
    gather = batch.gather
    scan = batch.scan
  }
}
