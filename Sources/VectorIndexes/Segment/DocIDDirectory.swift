import VectorMath

/// Which row belongs to which DocID, both ways.
///
/// DocIDs are stored once, ascending, as offsets from the segment's first; rows know their rank in
/// that list. All numbers come from the mapping and are checked where they are used.
struct DocIDDirectory: @unchecked Sendable {
  // Sendable: read-only memory.

  let firstDocID: UInt64
  let lastDocID: UInt64
  let count: Int
  /// Ascending offsets from `firstDocID`, 4 or 8 bytes each.
  let sorted: UnsafeRawPointer
  let width: Int
  /// Row → rank, and rank → row; `nil` when rows are in order of DocID.
  let ranks: UnsafePointer<UInt32>?
  let rows: UnsafePointer<UInt32>?

  /// The DocID of the given rank, which must be in range.
  @inline(__always)
  private func docID(rank: Int) -> UInt64 {
    let offset =
      width == 4
      ? UInt64(sorted.loadUnaligned(fromByteOffset: rank &* 4, as: UInt32.self))
      : sorted.loadUnaligned(fromByteOffset: rank &* 8, as: UInt64.self)
    return firstDocID &+ offset
  }

  /// The DocID of a row; `nil` outside the segment or where the section is damaged.
  func docID(ofRow row: Int) -> UInt64? {
    guard row >= 0, row < count else { return nil }
    guard let ranks else { return checkedDocID(rank: row) }
    let rank = Int(ranks[row])
    return rank < count ? checkedDocID(rank: rank) : nil
  }

  /// The DocID of the given rank, which must be in range; `nil` for one of another segment, or of none.
  @inline(__always)
  private func checkedDocID(rank: Int) -> UInt64? {
    let docID = docID(rank: rank)
    return docID >= firstDocID && docID <= lastDocID ? docID : nil
  }

  /// Asks for what `docID(ofRow:)` is going to read of some rows: for each, two numbers that lie anywhere in memory.
  func prefetch(_ found: some Collection<Int>) {
    guard let ranks else { return }
    for row in found where row >= 0 && row < count { DistanceKey.prefetch(ranks + row) }
    for row in found where row >= 0 && row < count {
      let rank = Int(ranks[row])
      if rank < count { DistanceKey.prefetch(sorted + rank &* width) }
    }
  }

  /// The DocID of a rank, and its row.
  func entry(rank: Int) -> (docID: UInt64, row: Int)? {
    guard rank >= 0, rank < count, let row = row(rank: rank), let docID = checkedDocID(rank: rank)
    else { return nil }
    return (docID, row)
  }

  /// The row of a DocID.
  func row(ofDocID target: UInt64) -> Int? {
    rank(ofDocID: target).flatMap { row(rank: $0) }
  }

  /// The rank of a DocID. Interpolates: DocIDs are handed out one after the other, so they are nearly
  /// evenly spaced.
  func rank(ofDocID target: UInt64) -> Int? {
    var low = 0
    var high = count - 1
    var guesses = 0
    while low <= high {
      let first = docID(rank: low)
      let last = docID(rank: high)
      if target < first || target > last { return nil }
      var middle = low &+ (high &- low) / 2
      if last > first, guesses < 8 {
        let share = Double(target &- first) / Double(last &- first)
        middle = min(high, low &+ Int(share * Double(high &- low)))
        guesses &+= 1
      }
      let found = docID(rank: middle)
      if found == target { return middle }
      if found < target { low = middle &+ 1 } else { high = middle &- 1 }
    }
    return nil
  }

  private func row(rank: Int) -> Int? {
    guard let rows else { return rank }
    let row = Int(rows[rank])
    return row < count ? row : nil
  }
}
