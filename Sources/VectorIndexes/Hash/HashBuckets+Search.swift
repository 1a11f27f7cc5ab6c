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
    var scan = BucketScan(
      index, prepared, limit: limit, filter: filter, scratch: scratch, tables: tables.count)
    let keys = tables.map { $0.key.key(of: prepared.query) }
    let flips = min(max(ef, 0), parameters.bits)
    for distance in 0...min(flips + Self.widening, parameters.bits) {
      if distance > flips, scan.found >= wanted { break }
      for (table, key) in zip(tables, keys) {
        table.forEachBucket(at: distance, from: key) { scan.add($0, of: table) }
      }
    }
    let entries = scan.finish()
    guard scan.found >= wanted else {
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
}
