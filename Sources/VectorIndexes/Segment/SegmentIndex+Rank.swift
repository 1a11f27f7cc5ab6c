import VectorMath

extension SegmentIndex {
  /// The best `limit` of the rows in `entries` (with their keys) by the best tier there is, nearest first,
  /// ties by DocID.
  func candidates(
    of entries: [UInt64], _ query: SegmentQuery, _ prepared: PreparedQuery, limit: Int,
    _ scratch: SearchScratch
  ) -> [Candidate] {
    guard !entries.isEmpty else { return [] }
    let distances = scratch.reserveDistances(entries.count)
    if let stored = codec.stored {
      for (i, entry) in entries.enumerated() {
        distances[i] = stored.distance(ofKey: PoolEntry.key(entry), query: prepared.query)
      }
    } else {
      measure(entries.map { PoolEntry.ordinal($0) }, query, rowBase, distances)
    }
    var found: [Candidate] = []
    found.reserveCapacity(entries.count)
    for (i, entry) in entries.enumerated() {
      guard let docID = directory.docID(ofRow: Int(PoolEntry.ordinal(entry))) else { continue }
      found.append(
        Candidate(docID: docID, distance: distances[i], isExact: reproducesOriginals))
    }
    found.sort()
    if found.count > limit { found.removeLast(found.count - limit) }
    return found
  }

  /// The distances of rows (in range) by their best tier.
  private func measure(
    _ rows: [UInt32], _ query: SegmentQuery, _ base: UnsafeRawPointer,
    _ distances: UnsafeMutablePointer<Float>
  ) {
    guard let quantizer = codec.quantizer else {
      for (i, row) in rows.enumerated() {
        distances[i] = query.exact.distance(toUnaligned: base + Int(row) &* layout.rowStride)
      }
      return
    }
    guard let tier = residuals?.base else { return }
    query.vector.withUnsafeBufferPointer { vector in
      guard let first = vector.baseAddress else { return }
      let scorer = ResidualScorer(quantizer: quantizer, query: first)
      rows.withUnsafeBufferPointer { ordinals in
        scorer.distances(
          codes: base.assumingMemoryBound(to: UInt8.self), codeStride: layout.rowStride,
          residuals: tier.assumingMemoryBound(to: UInt8.self),
          residualStride: layout.residualStride, ordinals: ordinals, into: distances)
      }
    }
  }
}
