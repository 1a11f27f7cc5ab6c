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
  /// Rows whose sums differ by more than this sort alike by their sums and by the keys of
  /// ``ProductQuantizer/kernel``. The largest number of all where nothing can be said.
  package let slack: UInt32
  /// The distance of a sum of 0, before the metric's own constant.
  let least: Double
  let tables: [UInt8]
  private let metric: Metric
  private let kernels: ProductKernels

  /// Prepares a query as its owner gave it; `nil` when the quantiser has more than 16 centroids.
  package init?(quantizer: ProductQuantizer, query: UnsafePointer<Float>) {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: quantizer.queryBytes, alignment: 64)
    defer { memory.deallocate() }
    quantizer.prepare(query: query, into: memory)
    self.init(quantizer: quantizer, prepared: memory)
  }

  /// The same of a query that ``ProductQuantizer/prepare(query:into:)`` has prepared.
  package init?(quantizer: ProductQuantizer, prepared: UnsafeRawPointer) {
    guard quantizer.centroids <= FastScanBlocks.mostCentroids else { return nil }
    subvectors = quantizer.subvectors
    metric = quantizer.metric
    kernels = quantizer.kernels
    let table = prepared.assumingMemoryBound(to: Float.self)
    let ranges = (0..<quantizer.subvectors).map { subvector in
      EntryRange(table + subvector * Int(VK_PQ_ENTRIES), count: quantizer.centroids)
    }
    let widest = ranges.reduce(0) { max($0, $1.highest - $1.lowest) }
    let step = widest > 0 ? widest / 255 : 1
    self.step = step
    least = ranges.reduce(0) { $0 + $1.lowest }
    tables = Self.tables(table, ranges, centroids: quantizer.centroids, inverse: 1 / step)
    slack = Self.slack(ranges, step: step)
  }

  /// The least and the greatest entry of a subvector that has a centroid.
  private struct EntryRange {
    var lowest = Double.infinity
    var highest = -Double.infinity
    /// Whether no entry had to be limited.
    var isFinite = true

    init(_ entries: UnsafePointer<Float>, count: Int) {
      for centroid in 0..<count {
        isFinite = isFinite && entries[centroid].isFinite
        let entry = FastScanQuery.limited(entries[centroid])
        lowest = min(lowest, entry)
        highest = max(highest, entry)
      }
    }
  }

  /// An entry as a finite number: what overflowed is as far away as can be.
  @inline(__always)
  private static func limited(_ entry: Float) -> Double {
    entry.isNaN ? Double(Float.greatestFiniteMagnitude) : Double(Wide.finite(Double(entry)))
  }

  private static func tables(
    _ table: UnsafePointer<Float>, _ ranges: [EntryRange], centroids: Int, inverse: Double
  ) -> [UInt8] {
    let size = Int(VK_SCAN_ENTRIES)
    var tables = [UInt8](repeating: 0, count: FastScanBlocks.padded(ranges.count) * size)
    for (subvector, range) in ranges.enumerated() {
      let entries = table + subvector * Int(VK_PQ_ENTRIES)
      for centroid in 0..<centroids {
        let steps = (limited(entries[centroid]) - range.lowest) * inverse + 0.5
        tables[subvector * size + centroid] = UInt8(min(255, steps))
      }
      // What has no centroid is as far away as can be.
      for centroid in centroids..<size { tables[subvector * size + centroid] = 255 }
    }
    return tables
  }

  /// Half a step for each subvector of both rows, and what the float sums of both are off by.
  private static func slack(_ ranges: [EntryRange], step: Double) -> UInt32 {
    let reach = ranges.reduce(0) { $0 + max(abs($1.lowest), abs($1.highest)) }
    guard ranges.allSatisfy(\.isFinite), reach < 1e38 else { return .max }
    let count = Double(ranges.count)
    let rounding = count * 0x1p-23 * reach
    let slack = count + 2 * rounding / step + 2
    return slack < 1e9 ? UInt32(slack) : .max
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
