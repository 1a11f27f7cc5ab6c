import StorageIO

/// The memory of one running search: the pool, the visited bits and the list of visited nodes.
/// Reused from query to query, never by two at once.
final class BeamScratch {
  /// Sorted entries, nearest first.
  private(set) var pool: UnsafeMutablePointer<UInt64>
  private var poolCapacity: Int
  /// Entries in `pool`.
  var size = 0
  /// One bit for each node.
  private(set) var visited: UnsafeMutablePointer<UInt64>
  private var visitedWords: Int
  /// Every node visited since the last `clear`, in order; the newest batch is at its end.
  private(set) var log: UnsafeMutablePointer<UInt32>
  private var logCapacity: Int
  var logged = 0
  /// Whether nodes were marked visited that the log does not name.
  var hasUnlogged = false
  /// Keys of one batch.
  private(set) var keys: UnsafeMutablePointer<UInt32>
  private var keyCapacity: Int
  /// Excluded neighbours of the node being expanded.
  private(set) var hidden: UnsafeMutablePointer<UInt32>
  private var hiddenCapacity: Int
  /// Rows compared since the scratch was made or `resetStatistics` was called.
  var distances = 0
  /// Nodes expanded since then.
  var expansions = 0

  init() {
    poolCapacity = 256
    pool = .allocate(capacity: poolCapacity)
    visitedWords = 64
    visited = .allocate(capacity: visitedWords)
    visited.initialize(repeating: 0, count: visitedWords)
    logCapacity = 1024
    log = .allocate(capacity: logCapacity)
    keyCapacity = 1024
    keys = .allocate(capacity: keyCapacity)
    hiddenCapacity = 64
    hidden = .allocate(capacity: hiddenCapacity)
  }

  deinit {
    pool.deallocate()
    visited.deallocate()
    log.deallocate()
    keys.deallocate()
    hidden.deallocate()
  }

  /// Makes room for the excluded neighbours of a node of this degree.
  func prepareHidden(degree: Int) {
    guard degree > hiddenCapacity else { return }
    hidden.deallocate()
    hiddenCapacity = degree
    hidden = .allocate(capacity: degree)
  }

  /// Makes room for a search of `nodes` nodes with a pool of `entries` and batches of `batch`, and
  /// forgets the last search.
  func prepare(nodes: Int, entries: Int, batch: Int) {
    clear()
    if entries + 1 > poolCapacity {
      pool.deallocate()
      poolCapacity = max(entries + 1, poolCapacity * 2)
      pool = .allocate(capacity: poolCapacity)
    }
    let words = (nodes + 63) / 64
    if words > visitedWords {
      visited.deallocate()
      visitedWords = words
      visited = .allocate(capacity: words)
      visited.initialize(repeating: 0, count: words)
    }
    // Every node is logged once at most; a batch writes one slot beyond the last new node.
    if nodes + 1 > logCapacity {
      log.deallocate()
      logCapacity = nodes + 1
      log = .allocate(capacity: logCapacity)
    }
    if batch > keyCapacity {
      keys.deallocate()
      keyCapacity = batch
      keys = .allocate(capacity: batch)
    }
  }

  /// Forgets visited nodes and the pool.
  func clear() {
    if hasUnlogged || logged > visitedWords {
      visited.update(repeating: 0, count: visitedWords)
    } else {
      for i in 0..<logged { visited[Int(log[i] >> 6)] = 0 }
    }
    logged = 0
    size = 0
    hasUnlogged = false
  }

  /// Adds a starting point.
  func seed(key: UInt32, ordinal: UInt32, limit: Int) {
    let bit = UInt64(1) << UInt64(ordinal & 63)
    let word = Int(ordinal >> 6)
    if visited[word] & bit != 0 { return }
    visited[word] |= bit
    log[logged] = ordinal
    logged += 1
    insert(PoolEntry.make(key: key, ordinal: ordinal), limit: limit)
  }

  /// Inserts an entry in order, keeping `limit` at most.
  func insert(_ entry: UInt64, limit: Int) {
    if size == limit {
      if limit == 0 || entry >= pool[size - 1] { return }
      size -= 1
    }
    var slot = size
    while slot > 0, pool[slot - 1] > entry {
      pool[slot] = pool[slot - 1]
      slot -= 1
    }
    pool[slot] = entry
    size += 1
  }
}
