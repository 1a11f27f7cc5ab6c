import VectorMath

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The walk through one layer, towards the query.
///
/// The bottleneck is memory latency: rows of codes and rows of links lie anywhere in hundreds of
/// megabytes. So the walk expands several nodes at a time, gathers all their unseen neighbours, and
/// computes them in one kernel call that keeps many cache lines in flight.
enum BeamSearch {
  /// Steps to the nearest neighbour until none is nearer; used on the upper layers.
  static func descend(
    _ layer: LayerView, _ source: KeySource, from start: UInt64, scratch: BeamScratch
  ) -> UInt64 {
    var best = start
    let keys = scratch.keys
    while true {
      let row = layer.rows + Int(PoolEntry.ordinal(best)) &* layer.stride
      var count = 0
      while count < layer.degree, row[count] < layer.count { count &+= 1 }
      if count == 0 { return best }
      source.keys(of: row, count: count, into: keys)
      scratch.distances &+= count
      var nearest = best
      for i in 0..<count {
        let entry = PoolEntry.make(key: keys[i], ordinal: row[i])
        if entry < nearest { nearest = entry }
      }
      if nearest == best { return best }
      best = nearest
    }
  }

  /// Walks from the seeds in the scratch's pool until the best `ef` entries are expanded.
  /// `width` nodes are expanded at a time once the pool is full: 3 to 5 % more distances for half
  /// the exposed misses.
  static func run(
    _ layer: LayerView, _ source: KeySource, ef: Int, width: Int, scratch: BeamScratch
  ) {
    let pool = scratch.pool
    let log = scratch.log
    let keys = scratch.keys
    var size = scratch.size
    var logged = scratch.logged
    var cursor = 0
    var distances = 0
    var expansions = 0
    while true {
      let first = logged
      let wanted = size < ef ? 1 : width
      var chosen = 0
      while cursor < size, chosen < wanted {
        let entry = pool[cursor]
        if entry & 1 == 0 {
          pool[cursor] = entry | 1
          chosen &+= 1
          logged = collect(layer, node: PoolEntry.ordinal(entry), scratch.visited, log, logged)
        }
        cursor &+= 1
      }
      if chosen == 0 { break }
      expansions &+= chosen
      let batch = logged &- first
      if batch == 0 { continue }
      source.keys(of: log + first, count: batch, into: keys)
      distances &+= batch
      insert(
        log + first, keys, count: batch, of: layer, into: pool, ef: ef, size: &size,
        cursor: &cursor)
    }
    scratch.size = size
    scratch.logged = logged
    scratch.distances &+= distances
    scratch.expansions &+= expansions
  }

  /// Appends the unseen neighbours of a node to the log and marks them; returns the log's new end.
  @inline(__always)
  static func collect(
    _ layer: LayerView, node: UInt32, _ visited: UnsafeMutablePointer<UInt64>,
    _ log: UnsafeMutablePointer<UInt32>, _ logged: Int
  ) -> Int {
    let row = layer.rows + Int(node) &* layer.stride
    var end = logged
    var slot = 0
    while slot < layer.degree {
      let link = row[slot]
      if link >= layer.count { break }
      let word = Int(link >> 6)
      let bits = visited[word]
      let shift = UInt64(link & 63)
      // Without a branch: whether a node was seen is a coin toss to the predictor.
      log[end] = link
      end &+= Int(truncatingIfNeeded: (~bits >> shift) & 1)
      visited[word] = bits | (1 &<< shift)
      slot &+= 1
    }
    return end
  }

  /// Puts nodes whose keys are known into the sorted pool of the best `ef`, moves the cursor back to the first of
  /// them, and fetches the links of those that will be expanded next.
  @inline(__always)
  static func insert(
    _ ordinals: UnsafePointer<UInt32>, _ keys: UnsafePointer<UInt32>, count: Int,
    of layer: LayerView, into pool: UnsafeMutablePointer<UInt64>, ef: Int, size: inout Int,
    cursor: inout Int
  ) {
    for i in 0..<count {
      let ordinal = ordinals[i]
      let entry = PoolEntry.make(key: keys[i], ordinal: ordinal)
      if size == ef {
        if entry >= pool[size &- 1] { continue }
        size &-= 1
      }
      let slot = position(of: entry, in: pool, size: size)
      memmove(pool + slot + 1, pool + slot, (size &- slot) &* 8)
      pool[slot] = entry
      size &+= 1
      if slot <= cursor &+ 1 {
        if slot < cursor { cursor = slot }
        prefetchLinks(layer, ordinal)
      }
    }
  }

  /// Where an entry belongs in the sorted pool.
  @inline(__always)
  static func position(of entry: UInt64, in pool: UnsafePointer<UInt64>, size: Int) -> Int {
    var low = 0
    var count = size
    while count > 0 {
      let half = count >> 1
      let right = pool[low &+ half] < entry
      low = right ? low &+ half &+ 1 : low
      count = right ? count &- half &- 1 : half
    }
    return low
  }

  @inline(__always)
  static func prefetchLinks(_ layer: LayerView, _ node: UInt32) {
    let row = UnsafeRawPointer(layer.rows + Int(node) &* layer.stride)
    var offset = 0
    while offset < layer.degree &* 4 {
      DistanceKey.prefetch(row + offset)
      offset &+= 64
    }
  }
}
