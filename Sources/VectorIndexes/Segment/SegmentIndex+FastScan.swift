import VectorMath

extension SegmentIndex {
  /// Where a filter allows less than one of so many rows, each of these is compared by itself.
  private static let sparseShare = 16

  /// The best `wanted` allowed rows with their keys, nearest first: the same as if each row was compared. `nil`
  /// where the segment has no blocks, or hardly any row is allowed.
  ///
  /// The blocks' sums only decide which rows these may be. The few whose sums do not differ from the best by
  /// more than rounding can explain are compared by the float table.
  func fastScan(
    _ prepared: PreparedQuery, wanted: Int, filter: SearchFilter?, _ scratch: SearchScratch
  ) -> [UInt64]? {
    guard let section = fastScan,
      (filter?.allowedCount ?? count) >= count / Self.sparseShare,
      let query = FastScanQuery(quantizer: section.quantizer, prepared: prepared.query)
    else { return nil }
    var best = BestRows(limit: wanted, storage: scratch.takeHits())
    let near = candidates(section, query, filter, &best, scratch)
    let least = best.finish()
    scratch.hits = best.storage
    guard least.count == wanted, let last = least.last else {
      return compare(near, prepared, wanted: wanted, scratch)
    }
    let bar = Self.sum(PoolEntry.key(last), query.slack)
    return compare(near.filter { PoolEntry.key($0) <= bar }, prepared, wanted: wanted, scratch)
  }

  /// All rows whose sums may be among the best, and maybe some more.
  private func candidates(
    _ section: FastScanSection, _ query: FastScanQuery, _ filter: SearchFilter?,
    _ best: inout BestRows, _ scratch: SearchScratch
  ) -> [UInt64] {
    let rows = FastScanBlocks.rowsPerBlock
    let blocks = Self.scanBlock / rows
    let sums = scratch.beam.keys
    var near: [UInt64] = []
    var room = 4_096
    for first in stride(from: 0, to: count, by: Self.scanBlock) {
      let size = min(Self.scanBlock, count - first)
      if let filter, !filter.allowsAny(of: first..<first + size) { continue }
      query.scan(
        blocks: section.blocks.base + first / rows * section.blockBytes,
        count: min(blocks, (size + rows - 1) / rows), into: sums)
      scratch.beam.distances += size
      let bar = Self.sum(best.bar, query.slack)
      for i in 0..<size where sums[i] <= bar {
        guard filter?.allows(first + i) ?? true else { continue }
        let row = UInt32(truncatingIfNeeded: first + i)
        near.append(PoolEntry.make(key: sums[i], ordinal: row))
        if sums[i] <= best.bar { best.add(key: sums[i], row: row) }
      }
      if near.count > room {
        let bar = Self.sum(best.bar, query.slack)
        near.removeAll { PoolEntry.key($0) > bar }
        room = max(4_096, 2 * near.count)
      }
    }
    return near
  }

  /// The best of some rows by their own keys, and some that are as near as the last.
  func compare(
    _ near: [UInt64], _ prepared: PreparedQuery, wanted: Int, _ scratch: SearchScratch
  ) -> [UInt64] {
    let keys = scratch.beam.keys
    let ordinals = scratch.beam.log
    var best = BestRows(limit: wanted, storage: scratch.takeHits(), keepsTies: !isInDocIDOrder)
    for first in stride(from: 0, to: near.count, by: Self.scanBlock) {
      let size = min(Self.scanBlock, near.count - first)
      for i in 0..<size { ordinals[i] = PoolEntry.ordinal(near[first + i]) }
      prepared.kernels.gather(
        prepared.query, rowBase, layout.rowStride, ordinals, size, codec.kernelDimensions, keys)
      for i in 0..<size where keys[i] <= best.bar { best.add(key: keys[i], row: ordinals[i]) }
    }
    let entries = best.finish()
    scratch.hits = best.storage
    return entries
  }

  /// A sum, or the largest number there is.
  static func sum(_ a: UInt32, _ b: UInt32) -> UInt32 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }
}
