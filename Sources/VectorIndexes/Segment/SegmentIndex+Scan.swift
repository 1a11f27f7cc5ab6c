import VectorMath

extension SegmentIndex {
  /// Rows compared at a time.
  static let scanBlock = 512
  /// Up to this share of allowed rows, in percent, only these are compared: naming a row costs little beside
  /// comparing it, for every encoding.
  private static let gatheredShare = 75

  /// The nearest of all allowed rows by their codes, re-ranked by the better tier; nearest first, ties
  /// by DocID, `limit` at most. Finds `limit` rows whenever so many are allowed.
  package func scan(
    _ query: SegmentQuery, limit: Int, filter: SearchFilter? = nil, scratch: SearchScratch
  ) -> [Candidate] {
    guard limit > 0, count > 0, let query = local(query, scratch) else { return [] }
    let prepared = codec.prepare(query, scratch)
    let wanted = min(shortlist(limit), count)
    scratch.beam.prepare(nodes: Self.scanBlock, entries: 1, batch: Self.scanBlock)
    let entries =
      fastScan(prepared, wanted: wanted, filter: filter, scratch)
      ?? plainScan(prepared, wanted: wanted, filter: filter, scratch)
    return candidates(of: entries, query, prepared, limit: limit, scratch)
  }

  /// Whether rows lie in the order of their DocIDs: of those that are equally far away the first ones come first in an answer.
  var isInDocIDOrder: Bool { structure == nil && layers.isEmpty }

  /// The best `wanted` allowed rows with their keys, nearest first, and some that are as near as the last where rows are not
  /// in the order of their DocIDs. Every allowed row is compared.
  func plainScan(
    _ prepared: PreparedQuery, wanted: Int, filter: SearchFilter?, _ scratch: SearchScratch
  ) -> [UInt64] {
    var best = BestRows(
      limit: wanted, storage: scratch.takeHits(), isAscending: isInDocIDOrder,
      keepsTies: !isInDocIDOrder)
    if let filter, filter.allowedCount * 100 < count * Self.gatheredShare {
      gatherAllowed(prepared, filter, scratch, &best)
    } else {
      scanAll(prepared, filter, scratch, &best)
    }
    let entries = best.finish()
    scratch.hits = best.storage
    return entries
  }

  private func scanAll(
    _ prepared: PreparedQuery, _ filter: SearchFilter?, _ scratch: SearchScratch,
    _ best: inout BestRows
  ) {
    let (base, stride, count) = (rowBase, layout.rowStride, count)
    let dimensions = codec.kernelDimensions
    let keys = scratch.beam.keys
    scratch.beam.distances += count
    var first = 0
    if let seek = prepared.kernels.seek {
      var found: UInt64 = 0
      while first < count {
        first += seek(
          prepared.query, base + first * stride, stride, count - first, dimensions, best.bar, keys,
          &found)
        best.add(found, of: keys, first: first, filter)
        first += BatchKernel.seekRows
      }
      return
    }
    let step = rowsAhead
    let scan = prepared.kernels.scan
    while first < count {
      let size = min(step, count - first)
      prefetch(first + size..<min(first + size + step, count))
      scan(prepared.query, base + first * stride, stride, size, dimensions, keys)
      best.add(keys, of: first..<first + size, filter)
      first += size
    }
  }

  /// Rows that are compared while as many are asked for ahead. The hardware looks ahead as well, but ends at each page of a
  /// mapped file: from memory, rows of 512 bytes came 1.4 to 1.6 times as fast when 8 KiB were asked for ahead.
  var rowsAhead: Int {
    max(4, min(Self.scanBlock, Self.bytesAhead / max(1, layout.rowStride) / 4 * 4))
  }

  private static let bytesAhead = 8_192

  /// Asks for rows that are compared next.
  func prefetch(_ rows: Range<Int>) {
    DistanceKey.prefetch(
      rowBase + rows.lowerBound * layout.rowStride, bytes: rows.count * layout.rowStride)
  }

  /// Names the allowed rows, block by block, and compares only these.
  private func gatherAllowed(
    _ prepared: PreparedQuery, _ filter: SearchFilter, _ scratch: SearchScratch,
    _ best: inout BestRows
  ) {
    let base = rowBase
    let keys = scratch.beam.keys
    let ordinals = scratch.beam.log
    var pending = 0
    func flush() {
      prepared.kernels.gather(
        prepared.query, base, layout.rowStride, ordinals, pending, codec.kernelDimensions,
        keys)
      for i in 0..<pending where keys[i] <= best.bar { best.add(key: keys[i], row: ordinals[i]) }
      scratch.beam.distances += pending
      pending = 0
    }
    for (index, word) in filter.words.enumerated() {
      var allowed = ~word
      while allowed != 0 {
        let row = index * 64 + allowed.trailingZeroBitCount
        allowed &= allowed - 1
        if row >= count { break }
        ordinals[pending] = UInt32(truncatingIfNeeded: row)
        pending += 1
        if pending == Self.scanBlock { flush() }
      }
    }
    if pending > 0 { flush() }
  }
}
