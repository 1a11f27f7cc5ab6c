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
    var isWhole: [Bool] = []
    if let stored = codec.stored, let residuals {
      if layout.hasClipped { isWhole = [Bool](repeating: true, count: entries.count) }
      let rows = FinerRows(
        rows: rowBase, stride: layout.rowStride, finer: residuals.base,
        finerStride: layout.residualStride)
      entries.map { PoolEntry.ordinal($0) }.withUnsafeBufferPointer { ordinals in
        stored.measure(rows, ordinals, query: query.exact, into: distances) { place, whole in
          if place < isWhole.count { isWhole[place] = whole }
        }
      }
    } else if let stored = codec.stored {
      for (i, entry) in entries.enumerated() {
        distances[i] = stored.distance(ofKey: PoolEntry.key(entry), query: prepared.query)
      }
    } else {
      measure(entries.map { PoolEntry.ordinal($0) }, query, rowBase, distances)
    }
    return nearest(of: entries, distances, limit) { isWhole.isEmpty || isWhole[$0] }
  }

  /// The nearest `limit` of rows whose distances are known. DocIDs, which lie anywhere in memory, are looked up for
  /// these only, and for those that are as far away as the last of them.
  private func nearest(
    of entries: [UInt64], _ distances: UnsafeMutablePointer<Float>, _ limit: Int,
    isWhole: (Int) -> Bool
  ) -> [Candidate] {
    var order = (0..<entries.count).map { place in
      PoolEntry.make(
        key: DistanceKey.key(of: distances[place]), ordinal: UInt32(truncatingIfNeeded: place))
    }
    order.sort()
    directory.prefetch(
      order.prefix(limit).lazy.map {
        Int(PoolEntry.ordinal(entries[Int(PoolEntry.ordinal($0))]))
      })
    var found: [Candidate] = []
    found.reserveCapacity(min(limit, order.count))
    for (rank, entry) in order.enumerated() {
      let place = Int(PoolEntry.ordinal(entry))
      if rank >= limit, found.count >= limit, distances[place] > found[limit - 1].distance { break }
      let row = Int(PoolEntry.ordinal(entries[place]))
      guard let docID = directory.docID(ofRow: row) else { continue }
      found.append(
        Candidate(
          docID: docID, distance: distances[place],
          isExact: reproducesOriginals && isWhole(place)))
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
