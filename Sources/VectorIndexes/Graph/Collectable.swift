/// Says which graph nodes may be returned: those whose own row, or a row with the same codes that
/// hangs on it, is allowed.
struct Collectable {
  let words: UnsafePointer<UInt64>
  let rowCount: Int
  let duplicates: DuplicateView?

  @inline(__always)
  func allowsRow(_ row: Int) -> Bool {
    row < rowCount && words[row >> 6] & (1 &<< UInt64(row & 63)) == 0
  }

  @inline(__always)
  func allows(_ node: UInt32) -> Bool {
    if allowsRow(Int(node)) { return true }
    guard let duplicates else { return false }
    for row in duplicates.rows(of: node) where allowsRow(row) { return true }
    return false
  }
}
