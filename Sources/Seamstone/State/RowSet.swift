/// An immutable set of row numbers, as a bitmap: which rows of a segment or of a tail chunk are
/// deleted. Changing it makes a copy, so readers of older versions keep what they saw.
struct RowSet: Sendable, Equatable {
  /// Bit `row & 63` of word `row >> 6` is set for a member.
  private(set) var words: [UInt64]
  /// Number of members.
  private(set) var count: Int

  /// An empty set for rows `0..<capacity`.
  init(capacity: Int) {
    words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
    count = 0
  }

  /// Whether `row` is a member; rows beyond the capacity are not.
  @inline(__always)
  func contains(_ row: Int) -> Bool {
    let word = row >> 6
    return word < words.count && words[word] & (1 << UInt64(row & 63)) != 0
  }

  /// Adds `row`; answers whether it was new. Rows beyond the capacity are ignored.
  @discardableResult
  mutating func insert(_ row: Int) -> Bool {
    let word = row >> 6
    let bit = UInt64(1) << UInt64(row & 63)
    guard row >= 0, word < words.count, words[word] & bit == 0 else { return false }
    words[word] |= bit
    count += 1
    return true
  }

  /// A copy without `row`.
  func removing(_ row: Int) -> RowSet {
    guard contains(row) else { return self }
    var copy = self
    copy.words[row >> 6] &= ~(1 << UInt64(row & 63))
    copy.count -= 1
    return copy
  }
}
