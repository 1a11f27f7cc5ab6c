/// What one of the two meta pages says: `MDB_meta` of `mdb.c`.
struct MetaPage {
  var free: RawTree
  var main: RawTree
  /// The highest page that was ever used.
  var lastPage: UInt64
  var transactionID: UInt64
  var pageSize: Int
  /// Bytes of address space for the map.
  var mapSize: UInt64

  private static let magic: UInt64 = 0xBEEF_C0DE
  private static let start = RawPage.headerSize
  private static let trees = start + 24

  /// Reads a meta page; nil if it is none.
  init?(_ page: RawPage) {
    guard page.size >= Self.trees + 2 * RawTree.size + 16,
      page.word(Self.start) & 0xFFFF_FFFF == Self.magic, page.word(Self.start) >> 32 == 1
    else { return nil }
    free = RawTree(page, at: Self.trees)
    // LMDB keeps flags of the environment here; the keys are numbers of transactions.
    free.hasIntegerKeys = true
    main = RawTree(page, at: Self.trees + RawTree.size)
    lastPage = page.word(Self.trees + 2 * RawTree.size)
    transactionID = page.word(Self.trees + 2 * RawTree.size + 8)
    pageSize = Int(page.word(Self.trees) & 0xFFFF_FFFF)
    mapSize = page.word(Self.start + 16)
  }

  /// Whether the first and the second page can be of these transactions: LMDB writes them by turns, the even ones to
  /// the first; a new file has two of none.
  static func follow(_ first: UInt64, _ second: UInt64) -> Bool {
    if first == 0, second == 0 { return true }
    return first % 2 == 0 && second % 2 == 1 && (first &+ 1 == second || second &+ 1 == first)
  }

  /// The page sizes that LMDB makes.
  static let pageSizes = [4096, 8192, 16384, 32768, 65536]
  /// The largest address space that 64-bit processors give to a process.
  private static let mostBytes: UInt64 = 1 << 47

  /// What LMDB would trust and must not; nil for numbers that can be.
  var flaw: String? {
    guard Self.pageSizes.contains(pageSize) else { return "pages of \(pageSize) bytes" }
    guard mapSize <= Self.mostBytes, lastPage < mapSize / UInt64(pageSize) else {
      return "a map of \(mapSize) bytes with \(lastPage) pages"
    }
    for tree in [free, main] where tree.root != RawTree.noPage && tree.root > lastPage {
      return "a root at page \(tree.root) of \(lastPage)"
    }
    return nil
  }
}
