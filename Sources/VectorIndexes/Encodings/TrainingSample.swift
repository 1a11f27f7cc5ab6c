import StorageIO
import VectorMath

/// Some of a source's vectors, in memory.
struct TrainingSample {
  let dimensions: Int
  /// Row after row.
  private(set) var values: [Float] = []

  var count: Int { values.count / dimensions }

  /// Reads up to `limit` vectors drawn without replacement by `seed`, in order of DocID. What vanishes
  /// meanwhile is missing; if less than `least` is left of what was drawn, the first `limit` that are there are
  /// taken.
  init(
    _ source: any VectorSource, dimensions: Int, limit: Int, seed: UInt64, least: Int,
    checkCancelled: () throws(StoreError) -> Void
  ) throws(StoreError) {
    self.dimensions = dimensions
    let positions = Self.draw(limit, of: source.docIDs.count, seed: seed)
    try read(positions, of: source, limit, checkCancelled)
    guard count < min(least, limit), positions.count < source.docIDs.count else { return }
    values.removeAll(keepingCapacity: true)
    try read(Array(source.docIDs.indices), of: source, limit, checkCancelled)
  }

  private mutating func read(
    _ positions: [Int], of source: any VectorSource, _ limit: Int,
    _ checkCancelled: () throws(StoreError) -> Void
  ) throws(StoreError) {
    values.reserveCapacity(min(limit, positions.count) * dimensions)
    try source.read(at: positions, checkCancelled: checkCancelled) { vector in
      guard count < limit else { return }
      values.append(contentsOf: UnsafeBufferPointer(start: vector, count: dimensions))
    }
  }

  /// Positions below `count`, ascending (selection sampling: Fan, Muller and Rezucha, 1962).
  static func draw(_ wanted: Int, of count: Int, seed: UInt64) -> [Int] {
    guard wanted < count else { return Array(0..<count) }
    var random = SeededRandom(seed: seed)
    var chosen: [Int] = []
    chosen.reserveCapacity(wanted)
    for position in 0..<count where random.below(count - position) < wanted - chosen.count {
      chosen.append(position)
    }
    return chosen
  }
}

extension VectorSource {
  /// Hands the vectors at some positions (ascending) to `body`. Where a good part is wanted, all are
  /// read: that is quicker than to look each one up.
  func read(
    at positions: [Int], checkCancelled: () throws(StoreError) -> Void,
    into body: (UnsafePointer<Float>) -> Void
  ) throws(StoreError) {
    let stretch = 2_048
    var next = 0
    while next < positions.count {
      try checkCancelled()
      let start = positions[next]
      var end = next
      while end < positions.count, positions[end] < start + stretch { end += 1 }
      if (end - next) * 32 < stretch {
        for position in positions[next..<end] {
          try read(position..<position + 1) { _, vector in
            if let vector { body(vector) }
          }
        }
      } else {
        let wanted = positions[next..<end]
        var place = wanted.startIndex
        try read(start..<(positions[end - 1] + 1)) { position, vector in
          guard place < wanted.endIndex, wanted[place] == position else { return }
          place += 1
          if let vector { body(vector) }
        }
      }
      next = end
    }
  }
}
