import VectorMath

/// Compares a query with the rows of one bucket after the other, each row once, and keeps the best.
struct BucketScan {
  private let index: SegmentIndex
  private let prepared: PreparedQuery
  private let filter: SearchFilter?
  private let scratch: SearchScratch
  private var best: BestRows
  /// Whether a row may come again, in another table.
  private let mayRepeat: Bool
  /// Allowed rows of a further table that are still to be compared.
  private var waiting: [UInt32] = []
  /// Allowed rows that were compared.
  private(set) var found = 0

  init(
    _ index: SegmentIndex, _ prepared: PreparedQuery, limit: Int, filter: SearchFilter?,
    scratch: SearchScratch, tables: Int
  ) {
    self.index = index
    self.prepared = prepared
    self.filter = filter
    self.scratch = scratch
    best = BestRows(limit: limit, storage: scratch.takeHits(), keepsTies: true)
    mayRepeat = tables > 1
    scratch.beam.prepare(
      nodes: mayRepeat ? index.count : SegmentIndex.scanBlock, entries: 1,
      batch: SegmentIndex.scanBlock)
    // Rows that were seen are marked, and not logged.
    scratch.beam.hasUnlogged = mayRepeat
  }

  /// Compares the rows of a bucket.
  mutating func add(_ bucket: Int, of table: BucketTable) {
    let places = table.places(of: bucket)
    if table.isFirst, !mayRepeat { return scan(places) }
    for place in places {
      guard let row = table.row(at: place), filter?.allows(row) ?? true, isNew(row) else {
        continue
      }
      waiting.append(UInt32(truncatingIfNeeded: row))
      if waiting.count == SegmentIndex.scanBlock { gather() }
    }
  }

  /// The best rows with their keys, nearest first, and some that are as near as the last.
  mutating func finish() -> [UInt64] {
    gather()
    let entries = best.finish()
    scratch.hits = best.storage
    return entries
  }

  /// Marks a row.
  private func isNew(_ row: Int) -> Bool {
    let bit = UInt64(1) << UInt64(row & 63)
    if scratch.beam.visited[row >> 6] & bit != 0 { return false }
    scratch.beam.visited[row >> 6] |= bit
    return true
  }

  private mutating func scan(_ rows: Range<Int>) {
    if let filter, !filter.allowsAny(of: rows) { return }
    let keys = scratch.beam.keys
    let stride = index.layout.rowStride
    var first = rows.lowerBound
    while first < rows.upperBound {
      let size = min(SegmentIndex.scanBlock, rows.upperBound - first)
      prepared.kernels.scan(
        prepared.query, index.rowBase + first &* stride, stride, size,
        index.codec.kernelDimensions, keys)
      for i in 0..<size where filter?.allows(first + i) ?? true {
        found += 1
        if keys[i] <= best.bar {
          best.add(key: keys[i], row: UInt32(truncatingIfNeeded: first + i))
        }
      }
      scratch.beam.distances += size
      first += size
    }
  }

  private mutating func gather() {
    let keys = scratch.beam.keys
    waiting.withUnsafeBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      prepared.kernels.gather(
        prepared.query, index.rowBase, index.layout.rowStride, base, rows.count,
        index.codec.kernelDimensions, keys)
    }
    for (place, row) in waiting.enumerated() where keys[place] <= best.bar {
      best.add(key: keys[place], row: row)
    }
    found += waiting.count
    scratch.beam.distances += waiting.count
    waiting.removeAll(keepingCapacity: true)
  }
}
