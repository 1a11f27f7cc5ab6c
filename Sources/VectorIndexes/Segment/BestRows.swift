import VectorMath

/// The `limit` best rows of a scan. Rows that beat the bar are only appended; every so often the
/// worse half is thrown away and the bar lowered, so that a row costs one comparison.
struct BestRows {
  private let limit: Int
  private let room: Int
  /// Whether a row that is as near as the worst of the best comes after it in any case.
  private let isAscending: Bool
  /// Unsorted entries.
  private(set) var storage: [UInt64]
  /// Keys above it cannot be among the best any more.
  private(set) var bar = UInt32.max

  /// `storage` is memory to use again. Rows beyond the limit are thrown away whenever there are `slack` of
  /// them; nil for what suits a long scan. With `isAscending`, rows are added in their order: of those that are as near as the
  /// worst of the best, which may be very many, none is looked at.
  init(limit: Int, storage: [UInt64], slack: Int? = nil, isAscending: Bool = false) {
    self.limit = limit
    self.isAscending = isAscending
    room = slack.map { limit + max(1, $0) } ?? max(256, limit + limit / 2)
    self.storage = storage
    self.storage.removeAll(keepingCapacity: true)
    self.storage.reserveCapacity(room)
  }

  /// Adds a row whose key is not above the bar.
  @inline(__always)
  mutating func add(key: UInt32, row: UInt32) {
    storage.append(PoolEntry.make(key: key, ordinal: row))
    if storage.count == room { shrink() }
  }

  /// Keeps the best, of which the last is the worst.
  private mutating func shrink() {
    guard limit > 0, storage.count >= limit else {
      if limit <= 0 { storage.removeAll(keepingCapacity: true) }
      return
    }
    storage.withUnsafeMutableBufferPointer { EntrySelection.moveSmallest(limit, of: $0) }
    storage.removeLast(storage.count - limit)
    guard let last = storage.last else { return }
    let key = PoolEntry.key(last)
    bar = isAscending && key > 0 ? key - 1 : key
  }

  private static let below = DistanceKernels.best.below

  /// Adds those of neighbouring rows that may be among the best and that the filter allows.
  @inline(__always)
  mutating func add(_ keys: UnsafePointer<UInt32>, of rows: Range<Int>, _ filter: SearchFilter?) {
    for first in stride(from: 0, to: rows.count, by: 64) {
      var near = Self.below(keys + first, min(64, rows.count - first), bar)
      while near != 0 {
        let place = first + near.trailingZeroBitCount
        near &= near - 1
        let row = rows.lowerBound + place
        // The bar may have been lowered meanwhile.
        guard keys[place] <= bar, filter?.allows(row) ?? true else { continue }
        add(key: keys[place], row: UInt32(truncatingIfNeeded: row))
      }
    }
  }

  /// The best rows with their keys, nearest first.
  mutating func finish() -> [UInt64] {
    shrink()
    storage.sort()
    return storage
  }
}
