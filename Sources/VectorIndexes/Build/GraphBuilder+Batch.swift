extension GraphBuilder {
  /// The nodes of a batch in an order in which near ones follow each other. Their searches then
  /// read the same rows while these are in the cache, which is what a build waits for.
  ///
  /// Near means: the same nearest nodes on the upper layers, the highest layer first. The order is
  /// a function of the graph alone, so it is the same at any number of threads.
  func byNeighbourhood(_ batch: ArraySlice<UInt32>, from entry: UInt32) -> [UInt32] {
    guard batch.count >= 64, level(of: Int(entry)) > 0 else { return Array(batch) }
    let places = Places(batch)
    team.forEachChunk(of: batch.count, size: 64) { [self] worker, range in
      for i in range {
        places.keys[i].key = path(to: places.keys[i].node, from: entry, workers[worker])
      }
    }
    places.keys.sort { $0.key != $1.key ? $0.key < $1.key : $0.node < $1.node }
    return places.keys.map { $0.node }
  }

  /// The ordinals of the nearest node of each upper layer, packed, the highest layer first.
  private func path(to node: UInt32, from entry: UInt32, _ worker: GraphWorker) -> UInt64 {
    let source = space.source(for: node)
    var start = entry
    var first: UInt32 = 0
    source.keys(of: &start, count: 1, into: &first)
    var nearest = PoolEntry.make(key: first, ordinal: entry)
    var key: UInt64 = 0
    var used = 0
    for level in stride(from: self.level(of: Int(entry)), to: 0, by: -1) {
      let layer = layers[level]
      let bits = UInt32.bitWidth - UInt32(layer.count).leadingZeroBitCount
      if used + bits > UInt64.bitWidth { break }
      worker.scratch.prepare(nodes: 0, entries: 1, batch: layer.slots)
      nearest = BeamSearch.descend(layer.view, source, from: nearest, scratch: worker.scratch)
      key = key << UInt64(bits) | UInt64(PoolEntry.ordinal(nearest))
      used += bits
    }
    return key
  }

  /// Filled in parallel, each place by one worker.
  private final class Places: @unchecked Sendable {
    // Sendable: workers write disjoint elements of memory that does not move.

    var keys: UnsafeMutableBufferPointer<(key: UInt64, node: UInt32)>

    init(_ batch: ArraySlice<UInt32>) {
      keys = .allocate(capacity: batch.count)
      _ = keys.initialize(from: batch.map { (key: 0, node: $0) })
    }

    deinit { keys.deallocate() }
  }
}
