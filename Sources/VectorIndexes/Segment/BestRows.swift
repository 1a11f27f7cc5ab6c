/// The `limit` best rows of a scan. Rows that beat the bar are only appended; every so often the
/// worse half is thrown away and the bar lowered, so that a row costs one comparison.
struct BestRows {
  private let limit: Int
  private let room: Int
  /// Unsorted entries.
  private(set) var storage: [UInt64]
  /// Keys above it cannot be among the best any more.
  private(set) var bar = UInt32.max

  /// `storage` is memory to use again. Rows beyond the limit are thrown away whenever there are `slack` of
  /// them; nil for what suits a long scan.
  init(limit: Int, storage: [UInt64], slack: Int? = nil) {
    self.limit = limit
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

  private mutating func shrink() {
    storage.sort()
    if storage.count > limit { storage.removeLast(storage.count - limit) }
    if storage.count == limit, let last = storage.last { bar = PoolEntry.key(last) }
  }

  /// The best rows with their keys, nearest first.
  mutating func finish() -> [UInt64] {
    shrink()
    return storage
  }
}
