extension GraphBuilder {
  /// The final order of nodes: level by level as before (so that layers stay prefixes), and within
  /// a level as a breadth-first walk of layer 0 meets them, so that neighbours share pages.
  func localityOrder() -> [UInt32] {
    guard let layer = layers.first else { return [] }
    var starts = (0..<layers.count).map { $0 + 1 < layers.count ? layers[$0 + 1].count : 0 }
    var order = [UInt32](repeating: 0, count: layer.count)
    var seen = [Bool](repeating: false, count: layer.count)
    var queue: [UInt32] = []
    queue.reserveCapacity(layer.count)
    var head = 0
    var next = 0
    while queue.count < layer.count {
      if head == queue.count {
        while seen[next] { next += 1 }
        seen[next] = true
        queue.append(UInt32(next))
      }
      let node = Int(queue[head])
      head += 1
      let row = layer.links + node * layer.slots
      for slot in 0..<Int(layer.degrees[node]) where !seen[Int(row[slot])] {
        seen[Int(row[slot])] = true
        queue.append(row[slot])
      }
    }
    for node in queue {
      let level = level(of: Int(node))
      order[starts[level]] = node
      starts[level] += 1
    }
    return order
  }
}
