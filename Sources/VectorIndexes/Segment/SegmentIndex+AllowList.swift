extension SegmentIndex {
  /// The rows that a bitmap of DocIDs names, or all others.
  ///
  /// - Parameters:
  ///   - bitmap: Bit `i & 63` of word `i >> 6` stands for the DocID `first + i`.
  ///   - allowsListed: Whether the rows of the bitmap are allowed; the others are otherwise.
  ///   - deleted: A bitmap of rows that are excluded in any case.
  package func filter(
    bitmap: [UInt64], from first: UInt64, allowsListed: Bool, deleted: [UInt64]?
  ) -> SearchFilter {
    var excluded = [UInt64](repeating: 0, count: (count + 63) / 64)
    let flip: UInt64 = allowsListed ? 1 : 0
    let size = UInt64(bitmap.count) << 6
    for index in excluded.indices {
      var word: UInt64 = 0
      for bit in 0..<min(64, count - index * 64) {
        var isListed: UInt64 = 0
        if let docID = directory.docID(ofRow: index * 64 + bit), docID >= first,
          docID - first < size
        {
          let offset = docID - first
          isListed = bitmap[Int(offset >> 6)] >> (offset & 63) & 1
        }
        word |= (isListed ^ flip) << UInt64(bit)
      }
      excluded[index] = word
    }
    return SegmentIndex.filter(excluded, deleted, rowCount: count)
  }

  /// The rows of these DocIDs, or all others; for lists that are short beside the segment.
  package func filter(
    docIDs: [UInt64], allowsListed: Bool, deleted: [UInt64]?
  ) -> SearchFilter {
    var excluded = [UInt64](repeating: allowsListed ? ~0 : 0, count: (count + 63) / 64)
    for docID in docIDs {
      guard let row = ordinal(ofDocID: docID) else { continue }
      let bit = UInt64(1) << UInt64(row & 63)
      if allowsListed { excluded[row >> 6] &= ~bit } else { excluded[row >> 6] |= bit }
    }
    return SegmentIndex.filter(excluded, deleted, rowCount: count)
  }

  private static func filter(
    _ excluded: [UInt64], _ deleted: [UInt64]?, rowCount: Int
  ) -> SearchFilter {
    guard let deleted else { return SearchFilter(excluded: excluded, rowCount: rowCount) }
    var all = excluded
    for index in 0..<min(all.count, deleted.count) { all[index] |= deleted[index] }
    return SearchFilter(excluded: all, rowCount: rowCount)
  }
}
