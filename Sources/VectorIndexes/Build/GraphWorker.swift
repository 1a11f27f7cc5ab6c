/// One thread's memory while a graph is built, and the steps that need it.
final class GraphWorker: @unchecked Sendable {
  // Sendable: used by one thread at a time.

  let scratch = BeamScratch()
  private let space: BuildSpace
  private var candidates: UnsafeMutablePointer<UInt64>
  private var ordinals: UnsafeMutablePointer<UInt32>
  private var keys: UnsafeMutablePointer<UInt32>
  private var capacity: Int
  /// The outcome of `select`.
  let chosen: UnsafeMutablePointer<UInt32>
  private let chosenKeys: UnsafeMutablePointer<UInt32>

  /// Rows compared at once while neighbours are selected: most candidates fall to one of the first.
  private static let chunk = 8

  init(space: BuildSpace, maxDegree: Int) {
    self.space = space
    capacity = 1024
    candidates = .allocate(capacity: capacity)
    ordinals = .allocate(capacity: capacity)
    keys = .allocate(capacity: capacity)
    chosen = .allocate(capacity: maxDegree + 1)
    chosenKeys = .allocate(capacity: Self.chunk)
  }

  deinit {
    candidates.deallocate()
    ordinals.deallocate()
    keys.deallocate()
    chosen.deallocate()
    chosenKeys.deallocate()
  }

  /// The published heuristic: walk the candidates, nearest first, and keep one unless something kept
  /// already is nearer to it than the node is. `sorted` are pool entries. Returns how many are in
  /// `chosen`.
  func select(
    for node: UInt32, from sorted: UnsafePointer<UInt64>, count: Int, limit: Int
  ) -> Int {
    var kept = 0
    for i in 0..<count {
      if kept == limit { break }
      let ordinal = PoolEntry.ordinal(sorted[i])
      if ordinal == node { continue }
      let direct = PoolEntry.key(sorted[i])
      let source = space.source(for: ordinal)
      var shadowed = false
      var start = 0
      while start < kept, !shadowed {
        let size = min(Self.chunk, kept &- start)
        source.keys(of: chosen + start, count: size, into: chosenKeys)
        for j in 0..<size where space.shadows(between: chosenKeys[j], direct: direct) {
          shadowed = true
        }
        start &+= size
      }
      if shadowed { continue }
      chosen[kept] = ordinal
      kept &+= 1
    }
    return kept
  }

  /// Selects among unsorted neighbours (repetitions allowed).
  func select(for node: UInt32, among neighbours: UnsafeBufferPointer<UInt32>, limit: Int) -> Int {
    let count = sort(neighbours, around: node)
    return select(for: node, from: candidates, count: count, limit: limit)
  }

  /// Puts neighbours in order of distance into `chosen`, `limit` at most.
  func order(for node: UInt32, _ neighbours: UnsafeBufferPointer<UInt32>, limit: Int) -> Int {
    let count = min(sort(neighbours, around: node), limit)
    for i in 0..<count { chosen[i] = PoolEntry.ordinal(candidates[i]) }
    return count
  }

  /// Sorts by distance from `node` into `candidates`, without repetitions and without `node`.
  private func sort(_ neighbours: UnsafeBufferPointer<UInt32>, around node: UInt32) -> Int {
    guard let first = neighbours.baseAddress else { return 0 }
    reserve(neighbours.count)
    space.source(for: node).keys(of: first, count: neighbours.count, into: keys)
    for i in 0..<neighbours.count {
      candidates[i] = PoolEntry.make(key: keys[i], ordinal: first[i])
    }
    Self.sort(candidates, neighbours.count)
    var count = 0
    for i in 0..<neighbours.count {
      let entry = candidates[i]
      if PoolEntry.ordinal(entry) == node { continue }
      if count > 0, candidates[count &- 1] == entry { continue }
      candidates[count] = entry
      count &+= 1
    }
    return count
  }

  /// Insertion sort for the usual few dozen.
  private static func sort(_ entries: UnsafeMutablePointer<UInt64>, _ count: Int) {
    if count > 96 {
      var buffer = UnsafeMutableBufferPointer(start: entries, count: count)
      buffer.sort()
      return
    }
    for i in 1..<max(count, 1) {
      let entry = entries[i]
      var slot = i
      while slot > 0, entries[slot &- 1] > entry {
        entries[slot] = entries[slot &- 1]
        slot &-= 1
      }
      entries[slot] = entry
    }
  }

  private func reserve(_ count: Int) {
    if count <= capacity { return }
    candidates.deallocate()
    ordinals.deallocate()
    keys.deallocate()
    capacity = max(count, capacity * 2)
    candidates = .allocate(capacity: capacity)
    ordinals = .allocate(capacity: capacity)
    keys = .allocate(capacity: capacity)
  }

  /// Room for `count` ordinals, valid until the next call.
  func ordinalBuffer(_ count: Int) -> UnsafeMutablePointer<UInt32> {
    reserve(count)
    return ordinals
  }
}
