import VectorMath

/// Keys of the rows of some ranges, one range after the other, the smallest of which are sought.
struct NearestKeys {
  private let keys: UnsafePointer<UInt32>
  private let ranges: [Range<Int>]
  private let count: Int

  /// Keys that are looked at for a first guess.
  private static let samples = 256

  init(_ keys: UnsafePointer<UInt32>, ranges: [Range<Int>]) {
    self.keys = keys
    self.ranges = ranges
    count = ranges.reduce(0) { $0 + $1.count }
  }

  /// The `wanted` smallest keys, or all that there are, with their rows, in any order.
  ///
  /// Rows above a guess are passed over many at a time. A guess that turns out too low is taken back.
  func smallest(_ wanted: Int, scratch: SearchScratch) -> [UInt64] {
    let guess = self.guess(wanted)
    var best = best(wanted, bar: guess, scratch)
    if best.storage.count < min(wanted, count), guess != .max {
      best = self.best(wanted, bar: .max, scratch)
    }
    let entries = best.finish(inOrder: false)
    scratch.hits = best.storage
    return entries
  }

  private func best(_ wanted: Int, bar: UInt32, _ scratch: SearchScratch) -> BestRows {
    var best = BestRows(
      limit: wanted, storage: scratch.takeHits(), slack: 2 * wanted + 64, bar: bar)
    var place = keys
    for range in ranges {
      best.add(place, of: range, nil)
      place += range.count
    }
    return best
  }

  /// A key that about twice as many as are wanted are not above, by a sample of them.
  private func guess(_ wanted: Int) -> UInt32 {
    let step = count / Self.samples
    let rank = step > 0 ? 2 * wanted / step + 8 : Self.samples
    guard step >= 4, rank < Self.samples / 2 else { return .max }
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.samples) { sample in
      for place in 0..<Self.samples {
        sample[place] = PoolEntry.make(
          key: keys[place * step], ordinal: UInt32(truncatingIfNeeded: place))
      }
      EntrySelection.moveSmallest(rank, of: sample)
      return PoolEntry.key(sample[rank - 1])
    }
  }
}
