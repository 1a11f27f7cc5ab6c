import VectorMath

/// Compares a query with the rows of one list after the other, nearest first, and keeps the best.
///
/// A list whose rows can hardly be nearer than what was found is passed over. Its rows lie around the centroid, at a
/// right angle to the way there, mostly: in many dimensions squared distances add up, D + r², give or take
/// 2·κ·√D·r for the angles that occur.
struct ListScan {
  private let lists: IVFLists
  private let index: SegmentIndex
  private let prepared: PreparedQuery
  private let filter: SearchFilter?
  private let scratch: SearchScratch
  private let beam: BeamScratch
  private let wanted: Int
  private var best: BestRows
  private var bound: ListBound?
  private let fastScan: FastScanQuery?
  /// The squared distance of the nearest centroid.
  private var nearest: UInt32?
  /// Rows whose sums may be among the best, of a fast scan.
  private var near: [UInt64] = []
  private var room = 4_096
  /// Allowed rows that were compared.
  private(set) var found = 0

  // Of the index, which a copy of its codec for each list would cost more than comparing some of its rows.
  private let base: UnsafeRawPointer
  private let rowStride: Int
  private let rowsAhead: Int
  private let kernelDimensions: Int

  init(
    _ lists: IVFLists, _ index: SegmentIndex, _ query: SegmentQuery, _ prepared: PreparedQuery,
    wanted: Int, filter: SearchFilter?, scratch: SearchScratch
  ) {
    self.lists = lists
    self.index = index
    self.prepared = prepared
    self.filter = filter
    self.scratch = scratch
    beam = scratch.beam
    self.wanted = wanted
    fastScan = lists.fastScan.flatMap {
      FastScanQuery(quantizer: $0.quantizer, prepared: prepared.query)
    }
    bound = ListBound(lists, index, query, prepared, fastScan)
    best = BestRows(
      limit: wanted, storage: scratch.takeHits(), slack: max(32, wanted / 2),
      keepsTies: fastScan == nil)
    base = index.rowBase
    rowStride = index.layout.rowStride
    rowsAhead = index.rowsAhead
    kernelDimensions = index.codec.kernelDimensions
    beam.prepare(
      nodes: SegmentIndex.scanBlock, entries: 1, batch: SegmentIndex.scanBlock)
  }

  /// Compares the rows of a list, named with the squared distance of its centroid; `next` is the list that comes after it.
  mutating func add(_ entry: UInt64, before next: UInt64? = nil) {
    let list = Int(PoolEntry.ordinal(entry))
    if nearest == nil { nearest = PoolEntry.key(entry) }
    let rows = lists.rows(of: list)
    guard !rows.isEmpty else { return }
    if best.bar != .max, let nearest,
      !ListBound.isNearest(PoolEntry.key(entry), first: nearest),
      bound?.excludes(list, centroid: PoolEntry.key(entry), bar: best.bar) == true
    {
      return
    }
    if let fastScan {
      scanBlocks(fastScan, list, rows)
    } else {
      var following = 0..<0
      if let next {
        following = lists.rows(of: Int(PoolEntry.ordinal(next)))
        following =
          following.lowerBound..<min(following.lowerBound + rowsAhead, following.upperBound)
      }
      scanRows(rows, before: following)
    }
  }

  /// `next`: the first rows of the list that comes after this.
  private mutating func scanRows(_ rows: Range<Int>, before next: Range<Int>) {
    let keys = beam.keys
    for first in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: rowsAhead) {
      let size = min(rowsAhead, rows.upperBound - first)
      let ahead = first + size..<min(first + size + rowsAhead, rows.upperBound)
      let following = ahead.isEmpty ? next : ahead
      DistanceKey.prefetch(
        base + following.lowerBound * rowStride, bytes: following.count * rowStride)
      if let filter, !filter.allowsAny(of: first..<first + size) { continue }
      prepared.kernels.scan(
        prepared.query, base + first * rowStride, rowStride, size, kernelDimensions, keys)
      beam.distances += size
      collect(first, size, keys)
    }
  }

  private mutating func collect(_ first: Int, _ size: Int, _ keys: UnsafeMutablePointer<UInt32>) {
    guard let filter else {
      found += size
      best.add(keys, of: first..<first + size, nil)
      return
    }
    for i in 0..<size where filter.allows(first + i) {
      found += 1
      if keys[i] <= best.bar {
        best.add(key: keys[i], row: UInt32(truncatingIfNeeded: first + i))
      }
    }
  }

  /// As `SegmentIndex.fastScan`, for one list.
  private mutating func scanBlocks(_ query: FastScanQuery, _ list: Int, _ rows: Range<Int>) {
    let perBlock = FastScanBlocks.rowsPerBlock
    let sums = beam.keys
    var block = lists.block(of: list)
    for first in Swift.stride(
      from: rows.lowerBound, to: rows.upperBound, by: SegmentIndex.scanBlock)
    {
      let size = min(SegmentIndex.scanBlock, rows.upperBound - first)
      let blocks = (size + perBlock - 1) / perBlock
      guard let address = lists.fastScan?.address(block: block, count: blocks) else { return }
      block += blocks
      query.scan(blocks: address, count: blocks, into: sums)
      beam.distances += size
      let bar = SegmentIndex.sum(best.bar, query.slack)
      if let filter {
        for i in 0..<size where filter.allows(first + i) { found += 1 }
      } else {
        found += size
      }
      for i in 0..<size where sums[i] <= bar {
        guard filter?.allows(first + i) ?? true else { continue }
        let row = UInt32(truncatingIfNeeded: first + i)
        near.append(PoolEntry.make(key: sums[i], ordinal: row))
        if sums[i] <= best.bar { best.add(key: sums[i], row: row) }
      }
      if near.count > room {
        let bar = SegmentIndex.sum(best.bar, query.slack)
        near.removeAll { PoolEntry.key($0) > bar }
        room = max(4_096, 2 * near.count)
      }
    }
  }

  /// The best rows with their keys, nearest first, and some that are as near as the last.
  mutating func finish() -> [UInt64] {
    let entries = best.finish()
    scratch.hits = best.storage
    guard let fastScan else { return entries }
    guard entries.count == wanted, let last = entries.last else {
      return index.compare(near, prepared, wanted: wanted, scratch)
    }
    let bar = SegmentIndex.sum(PoolEntry.key(last), fastScan.slack)
    return index.compare(
      near.filter { PoolEntry.key($0) <= bar }, prepared, wanted: wanted, scratch)
  }
}
