/// The back links of one batch, grouped by target by counting; sources of a target are in the batch's order.
final class BackLinks: @unchecked Sendable {
  // Sendable: filled by one thread, then only read.

  /// For each node the number of its sources, then the place of its next one; 0 between batches.
  private let counts: UnsafeMutablePointer<UInt32>
  private(set) var targets: [UInt32] = []
  private var offsets: [Int] = []
  private var sources: UnsafeMutablePointer<UInt32>
  private var capacity = 1024

  init(nodes: Int) {
    counts = .allocate(capacity: max(1, nodes))
    counts.initialize(repeating: 0, count: max(1, nodes))
    sources = .allocate(capacity: capacity)
  }

  deinit {
    counts.deallocate()
    sources.deallocate()
  }

  /// Groups the links of `batch` in `layer`.
  func collect(from batch: [UInt32], in layer: BuildLayer) {
    for target in targets { counts[Int(target)] = 0 }
    targets.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    for source in batch {
      let row = layer.links + Int(source) * layer.slots
      for slot in 0..<Int(layer.degrees[Int(source)]) {
        if counts[Int(row[slot])] == 0 { targets.append(row[slot]) }
        counts[Int(row[slot])] += 1
      }
    }
    var total = 0
    for target in targets {
      offsets.append(total)
      let count = Int(counts[Int(target)])
      counts[Int(target)] = UInt32(truncatingIfNeeded: total)
      total += count
    }
    offsets.append(total)
    if total > capacity {
      sources.deallocate()
      capacity = total * 5 / 4
      sources = .allocate(capacity: capacity)
    }
    for source in batch {
      let row = layer.links + Int(source) * layer.slots
      for slot in 0..<Int(layer.degrees[Int(source)]) {
        let target = Int(row[slot])
        sources[Int(counts[target])] = source
        counts[target] += 1
      }
    }
  }

  /// The sources of `targets[index]`, valid until the next `collect`.
  func sources(of index: Int) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(
      start: sources + offsets[index], count: offsets[index + 1] - offsets[index])
  }
}
