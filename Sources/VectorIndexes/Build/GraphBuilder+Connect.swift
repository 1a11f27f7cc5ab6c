extension GraphBuilder {
  /// Gives every node of layer 0 that no walk from the entry can reach a link from a near node that
  /// it can reach. Pruning takes the last way in from one node in some thousands.
  /// Returns how many were attached.
  func connect() -> Int {
    guard let layer = layers.first, layer.count > 1 else { return 0 }
    var seen = [Bool](repeating: false, count: layer.count)
    var queue: [UInt32] = []
    queue.reserveCapacity(layer.count)
    var attached = 0
    spread(from: entry ?? 0, layer, &seen, &queue)
    for node in 0..<layer.count where !seen[node] {
      attach(UInt32(node), layer, &seen)
      attached += 1
      spread(from: UInt32(node), layer, &seen, &queue)
    }
    return attached
  }

  private func spread(
    from start: UInt32, _ layer: BuildLayer, _ seen: inout [Bool], _ queue: inout [UInt32]
  ) {
    queue.removeAll(keepingCapacity: true)
    queue.append(start)
    seen[Int(start)] = true
    var head = 0
    while head < queue.count {
      let row = layer.links + Int(queue[head]) * layer.slots
      head += 1
      for slot in 0..<Int(layer.degrees[Int(queue[head - 1])]) {
        let link = Int(row[slot])
        if seen[link] { continue }
        seen[link] = true
        queue.append(row[slot])
      }
    }
  }

  /// Searches for the node from the entry: everything found is reachable. The nearest with a free
  /// slot takes the link; if all are full, the nearest hands its farthest link over to the node.
  private func attach(_ node: UInt32, _ layer: BuildLayer, _ seen: inout [Bool]) {
    let source = space.source(for: node)
    let worker = workers[0]
    let ef = max(32, plan.parameters.efConstruction)
    worker.scratch.prepare(nodes: layer.count, entries: ef, batch: layer.slots * plan.tuning.width)
    var start = entry ?? 0
    var key: UInt32 = 0
    source.keys(of: &start, count: 1, into: &key)
    worker.scratch.seed(key: key, ordinal: start, limit: ef)
    BeamSearch.run(layer.view, source, ef: ef, width: plan.tuning.width, scratch: worker.scratch)
    let found = (0..<worker.scratch.size).map { PoolEntry.ordinal(worker.scratch.pool[$0]) }
    let host = found.first { Int(layer.degrees[Int($0)]) < layer.degree && $0 != node }
    guard let host else {
      if let nearest = found.first(where: { $0 != node }) {
        replaceLast(of: nearest, with: node, layer)
      }
      return
    }
    let degree = Int(layer.degrees[Int(host)])
    layer.links[Int(host) * layer.slots + degree] = node
    layer.degrees[Int(host)] = UInt16(truncatingIfNeeded: degree + 1)
  }

  private func replaceLast(of host: UInt32, with node: UInt32, _ layer: BuildLayer) {
    let degree = Int(layer.degrees[Int(host)])
    guard degree > 0 else { return }
    let row = layer.links + Int(host) * layer.slots
    let lost = row[degree - 1]
    row[degree - 1] = node
    // What the host gave up stays near: the attached node leads on to it.
    let own = Int(layer.degrees[Int(node)])
    let place = min(own, layer.degree - 1)
    layer.links[Int(node) * layer.slots + place] = lost
    layer.degrees[Int(node)] = UInt16(truncatingIfNeeded: place + 1)
  }
}
