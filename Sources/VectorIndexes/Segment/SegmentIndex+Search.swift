import VectorMath

extension SegmentIndex {
  /// The nearest rows found by walking the graph (all rows of a flat segment are compared; other kinds
  /// search in their own way, see `IndexStructure`), nearest first, ties by DocID, `limit` at most. `ef` is the number of nodes kept on the way; rows that
  /// the filter excludes are walked through and do not count; where they crowd around the query so that
  /// the walk ends among them, the allowed ones are compared one by one. `width` nodes are expanded at
  /// a time once `ef` are known.
  package func search(
    _ query: SegmentQuery, limit: Int, ef: Int, filter: SearchFilter? = nil,
    scratch: SearchScratch, width: Int = 2
  ) -> [Candidate] {
    guard limit > 0, count > 0, let query = local(query, scratch) else { return [] }
    if let structure {
      return structure.search(
        self, query, limit: limit, ef: ef, filter: filter, scratch: scratch)
    }
    guard let base = layers.first else {
      return scan(query, limit: limit, filter: filter, scratch: scratch)
    }
    let prepared = codec.prepare(query, scratch)
    let nodes = shortlist(limit)
    let ef = min(max(ef, limit), Int(base.count))
    guard let filter else {
      walk(prepared, ef: ef, width: max(1, width), scratch: scratch)
      return rank(query, prepared, nodes: nodes, limit: limit, collectable: nil, scratch)
    }
    let (found, isCutShort) = filter.words.withUnsafeBufferPointer {
      words -> ([Candidate], Bool) in
      guard let address = words.baseAddress else { return ([], false) }
      let collectable = Collectable(
        words: address, rowCount: min(filter.rowCount, count), duplicates: duplicates)
      let isCutShort = walk(
        prepared, ef: ef, width: max(1, width), collectable: collectable, scratch: scratch)
      let found = rank(
        query, prepared, nodes: nodes, limit: limit, collectable: collectable, scratch)
      return (found, isCutShort)
    }
    // The nearest allowed rows then lie around a large ball of excluded ones, on all sides of it: a walk among
    // them ends on one side.
    return isCutShort ? scan(query, limit: limit, filter: filter, scratch: scratch) : found
  }

  /// Walks through the graph; afterwards the scratch's pool holds the nodes found, nearest first. Answers
  /// whether there was no room for `ef` collectable nodes beside the others.
  @discardableResult
  func walk(
    _ prepared: PreparedQuery, ef: Int, width: Int, collectable: Collectable? = nil,
    scratch: SearchScratch
  ) -> Bool {
    guard let base = layers.first else { return false }
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
      let kept = BeamSearch.run(
        base, source, ef: ef, width: width, capacity: capacity, collectable: collectable,
        scratch: beam)
      return kept < ef && beam.size == capacity && capacity < Int(base.count)
    }
    BeamSearch.run(base, source, ef: ef, width: width, scratch: beam)
    return false
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
  /// that of the originals. There is no closer look at rows whose codes are all that a segment has. Where codes of 4
  /// bits and their finer halves together reproduce the originals, more are looked at, since then none is read.
  func shortlist(_ limit: Int) -> Int {
    if codec.holdsBits || codec.stored != nil && residuals == nil { return limit }
    let (wide, overflow) = limit.multipliedReportingOverflow(by: 5)
    if overflow { return Int.max }
    return reproducesOriginals && codec.stored != nil ? wide : max(limit + 8, wide / 2)
  }

  /// What a walk measures.
  func keySource(_ prepared: PreparedQuery) -> KeySource {
    KeySource(
      gather: prepared.kernels.gather, query: prepared.query, rows: rowBase,
      stride: layout.rowStride, dimensions: codec.kernelDimensions)
  }

  /// Turns the best nodes of the pool into rows, and ranks these by the better tier.
  func rank(
    _ query: SegmentQuery, _ prepared: PreparedQuery, nodes: Int, limit: Int,
    collectable: Collectable?, _ scratch: SearchScratch
  ) -> [Candidate] {
    let source = keySource(prepared)
    var found: [UInt64] = []
    found.reserveCapacity(min(nodes, scratch.beam.size))
    var taken = 0
    var last: UInt32?
    for i in 0..<scratch.beam.size {
      // Without the mark of an expanded node.
      let entry = scratch.beam.pool[i] & ~1
      // Nodes as near as the last one may come before it by their DocIDs.
      if taken >= nodes,
        PoolEntry.key(entry) != last || taken >= nodes + BestRows.mostTies
      {
        break
      }
      let node = PoolEntry.ordinal(entry)
      let before = found.count
      if collectable?.allowsRow(Int(node)) ?? true { found.append(entry) }
      if let duplicates {
        for row in duplicates.rows(of: node) where collectable?.allowsRow(row) ?? true {
          // What hangs on a node has the same codes for the graph, but its own in the segment.
          var ordinal = UInt32(truncatingIfNeeded: row)
          var key = PoolEntry.key(entry)
          if codec.stored != nil { source.keys(of: &ordinal, count: 1, into: &key) }
          found.append(PoolEntry.make(key: key, ordinal: ordinal))
        }
      }
      if found.count > before {
        taken += 1
        last = PoolEntry.key(entry)
      }
    }
    return candidates(of: found, query, prepared, limit: limit, scratch)
  }
}
