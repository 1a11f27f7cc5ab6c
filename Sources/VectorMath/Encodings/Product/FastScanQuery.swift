import CVectorKernels

/// A query as ``FastScanBlocks`` are compared with it: the lookup table in bytes.
///
/// Each subvector's entries are counted from its least one in steps that are the same for all subvectors,
/// 255 of which are the widest range: a row's sum is off by at most half a ``step`` for each subvector,
/// besides what the codes lose. Sums are whole numbers, the same on every CPU, and sort as the distances
/// do.
package struct FastScanQuery: Sendable {
  /// The number of subvectors of the rows.
  package let subvectors: Int
  /// What one more in a sum is worth as a distance.
  package let step: Double
  /// The distance of a sum of 0, before the metric's own constant.
  let least: Double
  let tables: [UInt8]
  private let metric: Metric
  private let kernels: ProductKernels

  /// Prepares a query as its owner gave it; `nil` when the quantiser has more than 16 centroids.
  package init?(quantizer: ProductQuantizer, query: UnsafePointer<Float>) {
    let centroids = quantizer.centroids
    guard centroids <= FastScanBlocks.mostCentroids else { return nil }
    subvectors = quantizer.subvectors
    metric = quantizer.metric
    kernels = quantizer.kernels
    let entries = Self.entries(quantizer, query)
    let least = entries.map { $0.min() ?? 0 }
    let widest = zip(entries, least).reduce(0) { max($0, ($1.0.max() ?? 0) - $1.1) }
    let step = widest > 0 ? widest / 255 : 1
    let size = Int(VK_SCAN_ENTRIES)
    var tables = [UInt8](
      repeating: 0, count: FastScanBlocks.padded(quantizer.subvectors) * size)
    for subvector in 0..<quantizer.subvectors {
      for centroid in 0..<size {
        // What has no centroid is as far away as can be.
        tables[subvector * size + centroid] =
          centroid < centroids
          ? UInt8(((entries[subvector][centroid] - least[subvector]) / step).rounded()) : 255
      }
    }
    self.least = least.reduce(0, +)
    self.step = step
    self.tables = tables
  }

  /// The finite entries of the quantiser's own table, subvector by subvector.
  private static func entries(
    _ quantizer: ProductQuantizer, _ query: UnsafePointer<Float>
  ) -> [[Double]] {
    withUnsafeTemporaryAllocation(byteCount: quantizer.queryBytes, alignment: 64) { memory in
      guard let base = memory.baseAddress else { return [] }
      quantizer.prepare(query: query, into: base)
      let table = memory.bindMemory(to: Float.self)
      return (0..<quantizer.subvectors).map { subvector in
        (0..<quantizer.centroids).map { centroid in
          let entry = Double(table[subvector * Int(VK_PQ_ENTRIES) + centroid])
          return entry.isNaN ? Double(Float.greatestFiniteMagnitude) : Double(Wide.finite(entry))
        }
      }
    }
  }

  /// Writes 32 sums for each of `count` blocks.
  package func scan(
    blocks: UnsafeRawPointer, count: Int, into sums: UnsafeMutablePointer<UInt32>
  ) {
    tables.withUnsafeBufferPointer { tables in
      guard let base = tables.baseAddress else { return }
      kernels.functions.scan(
        base, blocks.assumingMemoryBound(to: UInt8.self), count,
        FastScanBlocks.padded(subvectors), sums)
    }
  }

  /// The distance, about, that a sum stands for.
  package func distance(ofSum sum: UInt32) -> Float {
    let distance = least + step * Double(sum)
    return Wide.finite(metric == .cosine ? max(0, 1 + distance) : distance)
  }
}
