import VectorMath

/// Buckets whose numbers differ from the query's in few bits are compared row by row (Norouzi, Punjani and Fleet,
/// 2012, call it Hamming ball search): `ef` bits may differ, and more as long as too few rows are found.
extension HashBuckets {
  /// Bits beyond those asked for that may differ before all rows are compared.
  private static let widening = 2

  func search(
    _ index: SegmentIndex, _ query: SegmentQuery, limit: Int, ef: Int, filter: SearchFilter?,
    scratch: SearchScratch
  ) -> [Candidate] {
    let prepared = index.codec.prepare(query, scratch)
    let wanted = min(limit, index.count, filter?.allowedCount ?? .max)
    scratch.beam.prepare(
      nodes: SegmentIndex.scanBlock, entries: 1, batch: SegmentIndex.scanBlock)
    var best = BestRows(limit: limit, storage: scratch.hits)
    var found = 0
    let own = key.key(of: prepared.query)
    let flips = min(max(ef, 0), parameters.bits)
    for distance in 0...min(flips + Self.widening, parameters.bits) {
      if distance > flips, found >= wanted { break }
      forEachBucket(at: distance, from: own) { bucket in
        found += compare(rows(of: bucket), index, prepared, filter, scratch, &best)
      }
    }
    let entries = best.finish()
    scratch.hits = best.storage
    guard found >= wanted else {
      return index.scan(query, limit: limit, filter: filter, scratch: scratch)
    }
    return index.candidates(of: entries, query, prepared, limit: limit, scratch)
  }

  /// A build is checked for its buckets, not for what the first few of them hold: that is up to the bits and the
  /// flips that were asked for.
  func nearest(
    _ index: SegmentIndex, _ query: SegmentQuery, _ prepared: PreparedQuery, count: Int,
    scratch: SearchScratch
  ) -> [UInt64] {
    scratch.beam.prepare(
      nodes: SegmentIndex.scanBlock, entries: 1, batch: SegmentIndex.scanBlock)
    return index.plainScan(prepared, wanted: count, filter: nil, scratch)
  }

  func findings(_ index: SegmentIndex) -> [String] {
    var next = 0
    for bucket in 0..<count {
      if bucket > 0, number(of: bucket) <= number(of: bucket - 1) {
        return ["bucket \(number(of: bucket)) follows \(number(of: bucket - 1))"]
      }
      let rows = rows(of: bucket)
      if rows.lowerBound != next || rows.isEmpty {
        return ["the rows of bucket \(number(of: bucket)) are not in order"]
      }
      for row in rows
      where key.key(of: index.rowBase + row &* index.layout.rowStride) != number(of: bucket) {
        return ["row \(row) is in the bucket \(number(of: bucket)), which is not its own"]
      }
      next = rows.upperBound
    }
    return next == rowCount ? [] : ["\(rowCount - next) rows are in no bucket"]
  }

  /// Compares the allowed rows of a bucket; answers how many these are.
  private func compare(
    _ rows: Range<Int>, _ index: SegmentIndex, _ prepared: PreparedQuery,
    _ filter: SearchFilter?, _ scratch: SearchScratch, _ best: inout BestRows
  ) -> Int {
    if let filter, !filter.allowsAny(of: rows) { return 0 }
    let keys = scratch.beam.keys
    let stride = index.layout.rowStride
    var found = 0
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
    return found
  }

  /// Visits the buckets whose numbers differ from `own` in exactly `distance` bits, in ascending order or in that of
  /// the bits: by their numbers where these are few, or else by looking at every bucket.
  private func forEachBucket(at distance: Int, from own: UInt32, _ body: (Int) -> Void) {
    guard Self.choices(distance, of: parameters.bits, most: count / 16) != nil else {
      for bucket in 0..<count where (number(of: bucket) ^ own).nonzeroBitCount == distance {
        body(bucket)
      }
      return
    }
    // Masks of so many bits, each the next larger one (Gosper's hack).
    let end = UInt64(1) << UInt64(parameters.bits)
    var mask = (UInt64(1) << UInt64(distance)) - 1
    while mask < end {
      if let bucket = bucket(numbered: own ^ UInt32(truncatingIfNeeded: mask)) { body(bucket) }
      if mask == 0 { return }
      let low = mask & (~mask &+ 1)
      let ripple = mask + low
      mask = ripple | ((mask ^ ripple) / low) >> 2
    }
  }

  /// In how many ways that many bits can be chosen; nil for more than `most`.
  private static func choices(_ chosen: Int, of bits: Int, most: Int) -> Int? {
    var ways = 1
    for step in 0..<chosen {
      ways = ways * (bits - step) / (step + 1)
      if ways > most { return nil }
    }
    return ways <= max(most, 1) ? ways : nil
  }
}
