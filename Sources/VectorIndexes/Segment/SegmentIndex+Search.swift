import VectorMath

extension SegmentIndex {
  /// The nearest rows found by walking the graph (all rows of a flat segment are compared), nearest
  /// first, ties by DocID, `limit` at most. `ef` is the number of nodes kept on the way; rows that
  /// the filter excludes are walked through and do not count. `width` nodes are expanded at a time once
  /// `ef` are known.
  package func search(
    _ query: SegmentQuery, limit: Int, ef: Int, filter: SearchFilter? = nil,
    scratch: SearchScratch, width: Int = 2
  ) -> [Candidate] {
    guard query.vector.count == dimensions, limit > 0, count > 0 else { return [] }
    guard let base = layers.first else {
      return scan(query, limit: limit, filter: filter, scratch: scratch)
    }
    let prepared = codec.prepare(query, scratch)
    let nodes = Self.shortlist(limit)
    let ef = min(max(ef, limit), Int(base.count))
    guard let filter else {
      walk(prepared, ef: ef, width: max(1, width), scratch: scratch)
      return rank(query, nodes: nodes, limit: limit, collectable: nil, scratch)
    }
    return filter.words.withUnsafeBufferPointer { words in
      guard let address = words.baseAddress else { return [] }
      let collectable = Collectable(
        words: address, rowCount: min(filter.rowCount, count), duplicates: duplicates)
      walk(
        prepared, ef: ef, width: max(1, width), collectable: collectable, scratch: scratch)
      return rank(query, nodes: nodes, limit: limit, collectable: collectable, scratch)
    }
  }

  /// Walks through the graph; afterwards the scratch's pool holds the nodes found, nearest first.
  func walk(
    _ prepared: PreparedQuery, ef: Int, width: Int, collectable: Collectable? = nil,
    scratch: SearchScratch
  ) {
    guard let base = layers.first else { return }
    let source = keySource(prepared)
    let beam = scratch.beam
    // Excluded nodes are kept as well, but not without bound.
    let capacity = collectable == nil ? ef : min(Int(base.count), 8 * ef + 256)
    beam.prepare(
      nodes: Int(base.count), entries: capacity,
      batch: max(entries.count, max(base.degree, layout.m) * width))
    let start = descend(source, beam)
    beam.seed(key: PoolEntry.key(start), ordinal: PoolEntry.ordinal(start), limit: capacity)
    entries.withUnsafeBufferPointer { entries in
      guard let first = entries.baseAddress else { return }
      source.keys(of: first, count: entries.count, into: beam.keys)
      for (i, entry) in entries.enumerated() {
        beam.seed(key: beam.keys[i], ordinal: entry, limit: capacity)
      }
    }
    if let collectable {
      _ = BeamSearch.run(
        base, source, ef: ef, width: width, capacity: capacity, collectable: collectable,
        scratch: beam)
    } else {
      BeamSearch.run(base, source, ef: ef, width: width, scratch: beam)
    }
  }

  /// The node where a walk on layer 0 begins.
  func descend(_ source: KeySource, _ beam: BeamScratch) -> UInt64 {
    var entry: UInt32 = 0
    var key: UInt32 = 0
    source.keys(of: &entry, count: 1, into: &key)
    var start = PoolEntry.make(key: key, ordinal: 0)
    for layer in layers.dropFirst().reversed() {
      start = BeamSearch.descend(layer, source, from: start, scratch: beam)
    }
    return start
  }

  /// Nodes whose rows are looked at more closely for `limit` answers: the codes' order is not quite
  /// that of the originals.
  static func shortlist(_ limit: Int) -> Int {
    let (wide, overflow) = limit.multipliedReportingOverflow(by: 5)
    return overflow ? Int.max : max(limit + 8, wide / 2)
  }

  /// What a walk measures.
  func keySource(_ prepared: PreparedQuery) -> KeySource {
    KeySource(
      gather: prepared.kernels.gather, query: prepared.query, rows: rowBase,
      stride: layout.rowStride, dimensions: codec.kernelDimensions)
  }

  /// Turns the best nodes of the pool into rows, and ranks these by the better tier.
  func rank(
    _ query: SegmentQuery, nodes: Int, limit: Int,
    collectable: Collectable?, _ scratch: SearchScratch
  ) -> [Candidate] {
    var rows: [UInt32] = []
    rows.reserveCapacity(min(nodes, scratch.beam.size))
    var taken = 0
    for i in 0..<scratch.beam.size where taken < nodes {
      let node = PoolEntry.ordinal(scratch.beam.pool[i])
      let before = rows.count
      if collectable?.allowsRow(Int(node)) ?? true { rows.append(node) }
      if let duplicates {
        for row in duplicates.rows(of: node) where collectable?.allowsRow(row) ?? true {
          rows.append(UInt32(truncatingIfNeeded: row))
        }
      }
      if rows.count > before { taken += 1 }
    }
    return candidates(of: rows, query, limit: limit, scratch)
  }
}
