/// The memory of a search through trees, used again: the query as planes take it, and what is still to be looked
/// at, the most promising first.
final class ForestScratch {
  private(set) var query: UnsafeMutableRawPointer
  private var queryCapacity = 1_024
  /// A heap.
  private var entries: UnsafeMutablePointer<UInt64>
  private var capacity = 1_024
  private(set) var count = 0

  init() {
    query = .allocate(byteCount: queryCapacity, alignment: 64)
    entries = .allocate(capacity: capacity)
  }

  deinit {
    query.deallocate()
    entries.deallocate()
  }

  /// Makes room for a query of so many bytes, and forgets everything.
  func prepare(queryBytes: Int) {
    count = 0
    guard queryBytes > queryCapacity else { return }
    query.deallocate()
    queryCapacity = queryBytes
    query = .allocate(byteCount: queryBytes, alignment: 64)
  }

  @inline(__always)
  func push(_ entry: UInt64) {
    if count == capacity { grow() }
    var place = count
    count &+= 1
    while place > 0 {
      let parent = (place &- 1) >> 1
      if entries[parent] >= entry { break }
      entries[place] = entries[parent]
      place = parent
    }
    entries[place] = entry
  }

  /// Takes the largest entry.
  @inline(__always)
  func pop() -> UInt64? {
    guard count > 0 else { return nil }
    let largest = entries[0]
    count &-= 1
    let last = entries[count]
    var place = 0
    while true {
      var child = 2 &* place &+ 1
      if child >= count { break }
      if child &+ 1 < count, entries[child &+ 1] > entries[child] { child &+= 1 }
      if entries[child] <= last { break }
      entries[place] = entries[child]
      place = child
    }
    entries[place] = last
    return largest
  }

  private func grow() {
    let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity * 2)
    larger.update(from: entries, count: count)
    entries.deallocate()
    entries = larger
    capacity *= 2
  }
}
