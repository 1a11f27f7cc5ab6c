/// What LMDB keeps of one tree: `MDB_db` of `mdb.c`, 48 bytes.
struct RawTree {
  /// Bytes of the record.
  static let size = 48
  /// The root of a tree without pages.
  static let noPage = UInt64.max

  /// Keys are numbers of eight bytes, in the machine's order.
  var hasIntegerKeys: Bool
  /// Levels, the leaves included.
  var depth: Int
  /// Records.
  var entries: UInt64
  /// The page at the top, `noPage` for none.
  var root: UInt64

  /// Reads the record at `offset` of a page, which has room for it.
  init(_ page: RawPage, at offset: Int) {
    hasIntegerKeys = page.half(offset + 4) & 0x08 != 0
    depth = Int(page.half(offset + 6))
    entries = page.word(offset + 32)
    root = page.word(offset + 40)
  }

  /// Whether the key `a` comes before `b` in this tree.
  func orders(_ a: ArraySlice<UInt8>, before b: ArraySlice<UInt8>) -> Bool {
    if hasIntegerKeys, a.count == 8, b.count == 8 {
      // Little-endian: the last byte weighs most.
      for (x, y) in zip(a.reversed(), b.reversed()) where x != y { return x < y }
      return false
    }
    return a.lexicographicallyPrecedes(b)
  }
}
