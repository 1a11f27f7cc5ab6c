/// Collects the best `limit` hits of a stream.
///
/// Hits are appended to a buffer of twice the limit and cut back when it is full, so an insertion
/// costs O(log limit) on average whatever the limit is, and most hits are refused by one comparison.
struct BestHits {
  let limit: Int
  private var buffer: [Hit] = []
  /// No hit farther than this can still be among the best.
  private(set) var threshold = Float.infinity

  init(limit: Int) {
    self.limit = max(limit, 0)
    buffer.reserveCapacity(min(self.limit, 4096) * 2 + 1)
  }

  @inline(__always)
  mutating func insert(_ hit: Hit) {
    guard hit.distance <= threshold, limit > 0 else { return }
    buffer.append(hit)
    if buffer.count / 2 >= limit { cut() }
  }

  private mutating func cut() {
    buffer.sort(by: Hit.isCloser)
    if buffer.count > limit { buffer.removeLast(buffer.count - limit) }
    if buffer.count == limit, let last = buffer.last { threshold = last.distance }
  }

  /// Brings `threshold` up to date with all that was inserted.
  mutating func settle() { cut() }

  /// The best hits, closest first.
  mutating func sorted() -> [Hit] {
    cut()
    return buffer
  }
}
