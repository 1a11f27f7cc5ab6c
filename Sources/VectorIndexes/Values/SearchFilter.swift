/// Which rows of one segment may be returned. Immutable; shared by all searches of one version.
package final class SearchFilter: Sendable {
  /// One bit for each row, set where the row is excluded; bits beyond the last row are set too.
  let words: [UInt64]
  /// Number of rows of the segment.
  package let rowCount: Int
  /// Number of rows that are not excluded.
  package let allowedCount: Int

  /// Takes a bitmap of excluded ordinals (bit `o & 63` of word `o >> 6`). Missing words exclude
  /// nothing, surplus ones are ignored.
  package init(excluded: [UInt64], rowCount: Int) {
    let rows = max(0, rowCount)
    var words = Array(excluded.prefix((rows + 63) / 64))
    words += Array(repeating: 0, count: (rows + 63) / 64 - words.count)
    if rows % 64 != 0, let last = words.indices.last {
      words[last] |= ~UInt64(0) << UInt64(rows % 64)
    }
    var allowed = 0
    for word in words { allowed += (~word).nonzeroBitCount }
    self.words = words
    self.rowCount = rows
    allowedCount = allowed
  }

  /// A filter that allows exactly `ordinals`.
  package convenience init(allowed ordinals: some Sequence<Int>, rowCount: Int) {
    var words = [UInt64](repeating: ~0, count: (max(0, rowCount) + 63) / 64)
    for ordinal in ordinals where ordinal >= 0 && ordinal < rowCount {
      words[ordinal >> 6] &= ~(1 << UInt64(ordinal & 63))
    }
    self.init(excluded: words, rowCount: rowCount)
  }

  /// Visits the ordinals that are not excluded, ascending.
  package func forEachAllowed(_ body: (Int) -> Void) {
    for (index, word) in words.enumerated() {
      var allowed = ~word
      while allowed != 0 {
        body(index << 6 + allowed.trailingZeroBitCount)
        allowed &= allowed - 1
      }
    }
  }

  /// Bytes of memory.
  package var byteCount: Int { words.count * 8 }

  /// Whether some row of a range within the segment may be returned; maybe yes where only a neighbour in a word may.
  func allowsAny(of rows: Range<Int>) -> Bool {
    guard !rows.isEmpty else { return false }
    let last = min((rows.upperBound - 1) >> 6, words.count - 1)
    return last >= rows.lowerBound >> 6
      && words[rows.lowerBound >> 6...last].contains { $0 != ~0 }
  }

  /// Whether the row may be returned. False for ordinals outside the segment.
  package func allows(_ ordinal: Int) -> Bool {
    guard ordinal >= 0, ordinal < rowCount else { return false }
    return words[ordinal >> 6] & (1 << UInt64(ordinal & 63)) == 0
  }
}
