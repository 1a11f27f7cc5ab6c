import CVectorKernels

/// Many queries against many neighbouring rows: what a component's load costs is shared by a block of them.
///
/// Writes the keys of ``BatchKernel``, but sums in another order: the last bits may differ, so a key decides only which rows
/// are looked at more closely. Wherever a pair stands among the others, its key is the same.
package struct TileKernel: Sendable {
  /// `(queries, query stride, query count, base, stride, count, dimensions, keys, key stride)`: the key of query i and row j
  /// goes to `keys[i * key stride + j]`. Strides of queries and rows are bytes.
  package typealias Compare =
    @convention(c) (
      UnsafeRawPointer, Int, Int, UnsafeRawPointer, Int, Int, Int, UnsafeMutablePointer<UInt32>,
      Int
    ) -> Void

  /// Compares all pairs.
  package let compare: Compare
}

extension DistanceKernels {
  /// Float rows under a metric; nil where there is no quicker way than one query after the other.
  package func floatTile(_ metric: Metric) -> TileKernel? {
    let tile =
      switch metric {
      case .cosine, .dot: functions.f32_dot_tile
      case .l2Squared: functions.f32_l2_tile
      case .manhattan: functions.f32_l1_tile
      case .hamming: TileKernel.Compare?.none
      }
    return tile.map(TileKernel.init)
  }
}
