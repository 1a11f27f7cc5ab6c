/// The walk for filters that allow a small share of the nodes: through allowed nodes only, over excluded
/// ones to their neighbours (ACORN-1: Patel et al., SIGMOD 2024). An excluded node costs a look at its
/// links, once, and no distance.
extension BeamSearch {
  /// At most so many times the degree are gathered in one expansion. Hardly ever reached: each excluded node
  /// is passed once, so 1 and 8 measure the same on sift-100k.
  static let acornBreadth = 8

  /// Walks from the seeds in the scratch's pool, which must be allowed, until the best `ef` are expanded.
  static func runAllowed(
    _ layer: LayerView, _ source: KeySource, ef: Int, width: Int, collectable: Collectable,
    scratch: BeamScratch
  ) {
    let pool = scratch.pool
    let log = scratch.log
    let keys = scratch.keys
    var size = scratch.size
    var logged = scratch.logged
    var cursor = 0
    while true {
      let first = logged
      let wanted = size < ef ? 1 : width
      var chosen = 0
      while cursor < size, chosen < wanted {
        let entry = pool[cursor]
        if entry & 1 == 0 {
          pool[cursor] = entry | 1
          chosen &+= 1
          logged = collectAllowed(
            layer, node: PoolEntry.ordinal(entry), collectable, scratch, logged)
        }
        cursor &+= 1
      }
      if chosen == 0 { break }
      scratch.expansions &+= chosen
      let batch = logged &- first
      if batch == 0 { continue }
      source.keys(of: log + first, count: batch, into: keys)
      scratch.distances &+= batch
      insert(
        log + first, keys, count: batch, of: layer, into: pool, ef: ef, size: &size,
        cursor: &cursor)
    }
    scratch.size = size
    scratch.logged = logged
  }

  /// Appends the unseen allowed neighbours of a node to the log, and those of its excluded neighbours;
  /// returns the log's new end. Excluded nodes are marked when their links have been followed.
  static func collectAllowed(
    _ layer: LayerView, node: UInt32, _ collectable: Collectable, _ scratch: BeamScratch,
    _ logged: Int
  ) -> Int {
    let visited = scratch.visited
    let log = scratch.log
    let hidden = scratch.hidden
    var end = logged
    var hiddenCount = 0
    var row = layer.rows + Int(node) &* layer.stride
    var slot = 0
    while slot < layer.degree, row[slot] < layer.count {
      let link = row[slot]
      slot &+= 1
      let bit = UInt64(1) &<< UInt64(link & 63)
      if visited[Int(link >> 6)] & bit != 0 { continue }
      if collectable.allows(link) {
        visited[Int(link >> 6)] |= bit
        log[end] = link
        end &+= 1
      } else {
        hidden[hiddenCount] = link
        hiddenCount &+= 1
        prefetchLinks(layer, link)
      }
    }
    let limit = logged &+ acornBreadth &* layer.degree
    for index in 0..<hiddenCount {
      if end >= limit { break }
      let between = hidden[index]
      visited[Int(between >> 6)] |= UInt64(1) &<< UInt64(between & 63)
      scratch.hasUnlogged = true
      row = layer.rows + Int(between) &* layer.stride
      slot = 0
      while slot < layer.degree, row[slot] < layer.count {
        let link = row[slot]
        slot &+= 1
        let word = Int(link >> 6)
        let bit = UInt64(1) &<< UInt64(link & 63)
        if visited[word] & bit != 0 || !collectable.allows(link) { continue }
        visited[word] |= bit
        log[end] = link
        end &+= 1
      }
    }
    return end
  }
}
