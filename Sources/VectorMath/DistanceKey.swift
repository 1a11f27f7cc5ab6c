import CVectorKernels

/// Distances as unsigned 32-bit integers that sort as the distances do: what searches compare.
package enum DistanceKey {
  /// The key of a float distance; keys sort as the floats do, NaN last.
  @inlinable @inline(__always)
  package static func key(of distance: Float) -> UInt32 { vk_key_from_float(distance) }

  /// The float distance of a key made by ``key(of:)``.
  @inlinable @inline(__always)
  package static func float(of key: UInt32) -> Float { vk_float_from_key(key) }

  /// Asks for the cache line at `address`; any address will do, it never faults.
  @inlinable @inline(__always)
  package static func prefetch(_ address: UnsafeRawPointer) { vk_prefetch(address) }
  /// Asks for all cache lines of a span.
  @inline(__always)
  package static func prefetch(_ address: UnsafeRawPointer, bytes: Int) {
    vk_prefetch_span(address, bytes)
  }
}
