/// A set of page numbers, a bit for each page of the file.
struct PageSet {
  private var words: [UInt64]
  private let count: UInt64

  init(pageCount: UInt64) {
    count = pageCount
    words = [UInt64](repeating: 0, count: Int(clamping: (pageCount + 63) / 64))
  }

  func contains(_ page: UInt64) -> Bool {
    page < count && words[Int(page >> 6)] & (1 << (page & 63)) != 0
  }

  /// Adds a page; answers whether it was new. Pages beyond the file are never members.
  @discardableResult
  mutating func insert(_ page: UInt64) -> Bool {
    guard page < count, !contains(page) else { return false }
    words[Int(page >> 6)] |= 1 << (page & 63)
    return true
  }
}
