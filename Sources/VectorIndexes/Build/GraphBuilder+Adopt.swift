import Synchronization

extension GraphBuilder {
  /// Takes over the links of an older graph. A node that lost neighbours gets its list selected anew
  /// from those left and the neighbours of those lost (FreshDiskANN, Singh et al., 2021): every
  /// one, since small losses that never trip a threshold add up over generations.
  /// Returns how many nodes were repaired.
  func adopt(_ adoption: GraphAdoption, from base: SegmentIndex) -> Int {
    let repaired = Counter()
    team.forEachChunk(of: count, size: 256) { [self] worker, range in
      var links: [UInt32] = []
      for node in range {
        let old = adoption.baseNodes[node]
        if old == GraphAdoption.noNode { continue }
        var lostAny = false
        for level in 0...level(of: node) {
          let lost = adopt(
            node, level, from: base.layers[level], Int(old), adoption, &links, workers[worker])
          lostAny = lostAny || lost
        }
        if lostAny { repaired.value.add(1, ordering: .relaxed) }
      }
    }
    for node in 0..<count where adoption.baseNodes[node] != GraphAdoption.noNode {
      countInserted(node)
    }
    return repaired.value.load(ordering: .relaxed)
  }

  private final class Counter: Sendable { let value = Atomic<Int>(0) }

  /// Takes over one row; returns whether it had lost links.
  private func adopt(
    _ node: Int, _ level: Int, from view: LayerView, _ old: Int, _ adoption: GraphAdoption,
    _ links: inout [UInt32], _ worker: GraphWorker
  ) -> Bool {
    let layer = layers[level]
    links.removeAll(keepingCapacity: true)
    var lost = 0
    view.forEachLink(of: old) { link in
      let new = adoption.newNodes[Int(link)]
      if new < UInt32(layer.count) { links.append(new) } else { lost += 1 }
    }
    if lost > 0 {
      view.forEachLink(of: old) { link in
        if adoption.newNodes[Int(link)] < UInt32(layer.count) { return }
        view.forEachLink(of: Int(link)) { second in
          let new = adoption.newNodes[Int(second)]
          if new < UInt32(layer.count) { links.append(new) }
        }
      }
    }
    let count = links.withUnsafeBufferPointer { buffer in
      lost > 0
        ? worker.select(for: UInt32(node), among: buffer, limit: layer.degree)
        : worker.order(for: UInt32(node), buffer, limit: layer.degree)
    }
    layer.setLinks(of: node, worker.chosen, count: count)
    return lost > 0
  }
}
