import VectorMath

/// The `limit` best rows of a scan. A few are kept in order, so that the bar is always as low as it can be. Of many, rows
/// that beat the bar are only appended; every so often the worse half is thrown away and the bar lowered, so that a row
/// costs one comparison.
struct BestRows {
  private let limit: Int
  private let room: Int
  /// Whether a row that is as near as the worst of the best comes after it in any case.
  private let isAscending: Bool
  /// Whether the entries are in order, never more than the limit.
  private let isSorted: Bool
  /// Rows that are kept beyond the limit because they are as near as the last of the best; 0 for none.
  private let tieRoom: Int
  /// Entries.
  private(set) var storage: [UInt64]
  /// Entries as near as the last one of as many as are wanted, beyond these.
  private var ties: [UInt64] = []
  /// Keys above it cannot be among the best any more.
  private(set) var bar: UInt32

  /// Up to so many rows are kept in order: putting one in its place costs less than a turn of sorting.
  private static let sortedLimit = 32
  /// The most rows that are kept beyond the limit. Each costs a look at its DocID.
  static let mostTies = 256

  /// `storage` is memory to use again. Rows beyond the limit are thrown away whenever there are `slack` of
  /// them; nil for what suits a long scan. With `isAscending`, rows are added in their order: of those that are as near as the
  /// worst of the best, which may be very many, none is looked at. With `keepsTies`, some of these are kept beyond the limit: for
  /// rows in another order than that of their DocIDs, by which the answer is cut. Rows above `bar` are not looked at.
  init(
    limit: Int, storage: [UInt64], slack: Int? = nil, isAscending: Bool = false,
    keepsTies: Bool = false, bar: UInt32 = .max
  ) {
    self.bar = bar
    self.limit = limit
    self.isAscending = isAscending
    isSorted = limit <= Self.sortedLimit
    room = slack.map { limit + max(1, $0) } ?? max(256, limit + limit / 2)
    tieRoom = keepsTies && limit > 0 ? Self.mostTies : 0
    self.storage = storage
    self.storage.removeAll(keepingCapacity: true)
    self.storage.reserveCapacity(room)
  }

  /// Adds a row whose key is not above the bar.
  @inline(__always)
  mutating func add(key: UInt32, row: UInt32) {
    let entry = PoolEntry.make(key: key, ordinal: row)
    if isSorted { return insert(entry) }
    storage.append(entry)
    if storage.count == room { shrink() }
  }

  /// Puts an entry in its place among those that are in order.
  private mutating func insert(_ entry: UInt64) {
    if storage.count < limit {
      storage.append(entry)
      move(entry)
      if storage.count == limit { lowerBar() }
      return
    }
    guard let last = storage.last else { return }
    if entry >= last {
      if PoolEntry.key(entry) == PoolEntry.key(last) { keep(entry) }
      return
    }
    move(entry)
    lowerBar()
    if tieRoom > 0 {
      if PoolEntry.key(last) != storage.last.map(PoolEntry.key) {
        ties.removeAll(keepingCapacity: true)
      } else {
        keep(last)
      }
    }
  }

  /// Moves an entry from the end, whatever is there, to its place.
  private mutating func move(_ entry: UInt64) {
    storage.withUnsafeMutableBufferPointer { entries in
      var place = entries.count - 1
      while place > 0, entries[place - 1] > entry {
        entries[place] = entries[place - 1]
        place -= 1
      }
      entries[place] = entry
    }
  }

  private mutating func keep(_ entry: UInt64) {
    if ties.count < tieRoom { ties.append(entry) }
  }

  /// Throws away what is not among the best, nor as near as the worst of these.
  private mutating func shrink() {
    guard limit > 0 else { return storage.removeAll() }
    guard storage.count >= limit else { return }
    storage.withUnsafeMutableBufferPointer { EntrySelection.moveSmallest(limit, of: $0) }
    let last = PoolEntry.key(storage[limit - 1])
    if tieRoom > 0 {
      if let known = ties.first, PoolEntry.key(known) != last {
        ties.removeAll(keepingCapacity: true)
      }
      for place in limit..<storage.count where PoolEntry.key(storage[place]) == last {
        keep(storage[place])
      }
    }
    storage.removeLast(storage.count - limit)
    lowerBar()
  }

  /// The worst of as many entries as are wanted is the bar.
  private mutating func lowerBar() {
    guard let last = storage.last else { return }
    let key = PoolEntry.key(last)
    bar = isAscending && key > 0 ? key - 1 : key
  }

  private static let below = DistanceKernels.best.below

  /// Adds those of neighbouring rows that may be among the best and that the filter allows.
  @inline(__always)
  mutating func add(_ keys: UnsafePointer<UInt32>, of rows: Range<Int>, _ filter: SearchFilter?) {
    for first in stride(from: 0, to: rows.count, by: 64) {
      let near = Self.below(keys + first, min(64, rows.count - first), bar)
      add(near, of: keys + first, first: rows.lowerBound + first, filter)
    }
  }

  /// Adds those of 64 rows that `near` names and the filter allows; `first` is the first row.
  @inline(__always)
  mutating func add(
    _ near: UInt64, of keys: UnsafePointer<UInt32>, first: Int, _ filter: SearchFilter?
  ) {
    var near = near
    while near != 0 {
      let place = near.trailingZeroBitCount
      near &= near - 1
      // The bar may have been lowered meanwhile.
      guard keys[place] <= bar, filter?.allows(first + place) ?? true else { continue }
      add(key: keys[place], row: UInt32(truncatingIfNeeded: first + place))
    }
  }

  /// The best rows with their keys, nearest first; after them those that are kept because they are as near as the last one.
  /// Without `inOrder` in any order.
  mutating func finish(inOrder: Bool = true) -> [UInt64] {
    if !isSorted {
      shrink()
      if inOrder { storage.sort() }
    }
    storage.append(contentsOf: ties)
    return storage
  }
}
