import VectorMath

extension SegmentIndex {
  /// Allowed nodes, spread over the segment, that a walk among allowed nodes begins with.
  private static let spreadSeeds = 64

  /// As `search`, but walking among the allowed rows only: for filters that allow a small share of a graph.
  /// May find fewer than `limit` rows although more are allowed.
  package func searchAllowed(
    _ query: SegmentQuery, limit: Int, ef: Int, filter: SearchFilter, scratch: SearchScratch,
    width: Int = 2
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
    let ef = min(max(ef, limit), Int(base.count))
    return filter.words.withUnsafeBufferPointer { words in
      guard let address = words.baseAddress else { return [] }
      let collectable = Collectable(
        words: address, rowCount: min(filter.rowCount, count), duplicates: duplicates)
      walkAllowed(
        prepared, ef: ef, width: max(1, width), collectable: collectable, filter: filter,
        scratch: scratch)
      return rank(
        query, prepared, nodes: shortlist(limit), limit: limit, collectable: collectable, scratch)
    }
  }

  private func walkAllowed(
    _ prepared: PreparedQuery, ef: Int, width: Int, collectable: Collectable,
    filter: SearchFilter, scratch: SearchScratch
  ) {
    guard let base = layers.first else { return }
    let source = keySource(prepared)
    let beam = scratch.beam
    let perNode = (BeamSearch.acornBreadth + 2) * base.degree
    beam.prepare(
      nodes: Int(base.count), entries: ef,
      batch: max(perNode * width, layout.m * width, perNode + Self.spreadSeeds + entries.count))
    beam.prepareHidden(degree: base.degree)
    let start = PoolEntry.ordinal(descend(source, beam))
    // The starting points are named in the log and compared together.
    var logged = 0
    func add(_ node: UInt32) {
      let bit = UInt64(1) << UInt64(node & 63)
      guard node < base.count, beam.visited[Int(node >> 6)] & bit == 0 else { return }
      beam.visited[Int(node >> 6)] |= bit
      beam.log[logged] = node
      logged += 1
    }
    if collectable.allows(start) {
      add(start)
    } else {
      logged = BeamSearch.collectAllowed(base, node: start, collectable, beam, logged)
    }
    for node in entries where collectable.allows(node) { add(node) }
    forEachSpread(filter, nodes: Int(base.count), collectable) { add($0) }
    beam.logged = logged
    source.keys(of: beam.log, count: logged, into: beam.keys)
    beam.distances += logged
    for index in 0..<logged {
      beam.insert(PoolEntry.make(key: beam.keys[index], ordinal: beam.log[index]), limit: ef)
    }
    BeamSearch.runAllowed(
      base, source, ef: ef, width: width, collectable: collectable, scratch: beam)
  }

  /// Visits up to `spreadSeeds` allowed nodes at even distances.
  private func forEachSpread(
    _ filter: SearchFilter, nodes: Int, _ collectable: Collectable, _ body: (UInt32) -> Void
  ) {
    let words = min((nodes + 63) / 64, filter.words.count)
    let step = max(1, words / Self.spreadSeeds)
    var found = 0
    var first = 0
    while first < words, found < Self.spreadSeeds {
      for index in first..<min(first + step, words) {
        let allowed = ~filter.words[index]
        guard allowed != 0 else { continue }
        let row = index * 64 + allowed.trailingZeroBitCount
        if row < nodes {
          body(UInt32(truncatingIfNeeded: row))
          found += 1
        }
        break
      }
      first += step
    }
    if found > 0 { return }
    // Only rows that hang on nodes are allowed.
    for node in 0..<nodes where collectable.allows(UInt32(truncatingIfNeeded: node)) {
      body(UInt32(truncatingIfNeeded: node))
      found += 1
      if found == Self.spreadSeeds { return }
    }
  }
}
