#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension BeamSearch {
  /// As `run`, but only `ef` *collectable* entries are kept; the others stay in the pool so that the
  /// walk can go through them, up to `capacity` entries in all. Returns how many of the pool's
  /// entries are collectable.
  static func run(
    _ layer: LayerView, _ source: KeySource, ef: Int, width: Int, capacity: Int,
    collectable: Collectable, scratch: BeamScratch
  ) -> Int {
    let pool = scratch.pool
    let log = scratch.log
    let keys = scratch.keys
    var logged = scratch.logged
    var cursor = 0
    var kept = FilteredPool(
      pool: pool, size: scratch.size, ef: ef, capacity: capacity, collectable: collectable)
    while true {
      let first = logged
      let wanted = kept.isFull ? width : 1
      var chosen = 0
      while cursor < kept.size, chosen < wanted {
        let entry = pool[cursor]
        if entry & 1 == 0 {
          pool[cursor] = entry | 1
          chosen &+= 1
          logged = collect(layer, node: PoolEntry.ordinal(entry), scratch.visited, log, logged)
        }
        cursor &+= 1
      }
      if chosen == 0 { break }
      scratch.expansions &+= chosen
      let batch = logged &- first
      if batch == 0 { continue }
      source.keys(of: log + first, count: batch, into: keys)
      scratch.distances &+= batch
      for i in 0..<batch {
        let ordinal = log[first &+ i]
        let slot = kept.insert(PoolEntry.make(key: keys[i], ordinal: ordinal), ordinal)
        if slot <= cursor &+ 1 {
          if slot < cursor { cursor = slot }
          prefetchLinks(layer, ordinal)
        }
      }
      if cursor > kept.size { cursor = kept.size }
    }
    scratch.size = kept.size
    scratch.logged = logged
    return kept.allowed
  }
}

/// A sorted pool that counts its collectable entries. Invariant: once `ef` of them are in, the last
/// entry is one of them, so the last entry is always the bar that a new one has to beat.
private struct FilteredPool {
  let pool: UnsafeMutablePointer<UInt64>
  var size: Int
  let ef: Int
  let capacity: Int
  let collectable: Collectable
  var allowed = 0

  init(
    pool: UnsafeMutablePointer<UInt64>, size: Int, ef: Int, capacity: Int, collectable: Collectable
  ) {
    self.pool = pool
    self.size = size
    self.ef = ef
    self.capacity = capacity
    self.collectable = collectable
    for i in 0..<size where collectable.allows(PoolEntry.ordinal(pool[i])) {
      allowed += 1
      if allowed == ef {
        self.size = i + 1
        break
      }
    }
  }

  @inline(__always) var isFull: Bool { allowed == ef || size == capacity }

  /// Returns the entry's place, or `Int.max` when it is not among the best.
  @inline(__always)
  mutating func insert(_ entry: UInt64, _ ordinal: UInt32) -> Int {
    if isFull {
      if size == 0 || entry >= pool[size &- 1] { return Int.max }
      dropLast()
    }
    let slot = BeamSearch.position(of: entry, in: pool, size: size)
    memmove(pool + slot + 1, pool + slot, (size &- slot) &* 8)
    pool[slot] = entry
    size &+= 1
    if collectable.allows(ordinal) {
      allowed &+= 1
      if allowed == ef { trim() }
    }
    return slot
  }

  private mutating func dropLast() {
    size &-= 1
    if collectable.allows(PoolEntry.ordinal(pool[size])) { allowed &-= 1 }
  }

  private mutating func trim() {
    while size > 0, !collectable.allows(PoolEntry.ordinal(pool[size &- 1])) { size &-= 1 }
  }
}
