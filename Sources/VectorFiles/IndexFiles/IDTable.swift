/// A table of ids in a file, of which only some pages are in memory: an id map may have more entries than there is room
/// for.
final class IDTable {
  /// The number of ids.
  let count: Int
  private let pageEntries: Int
  private let file: InputFile
  private let offset: Int
  /// The page that each place holds, and its ids; a page can be in one place only.
  private var pages: [Int]
  private var entries: [[Int64]]

  /// - Parameters:
  ///   - offset: Where the first id is; all of them lie inside the file.
  ///   - pageEntries: How many ids are read at a time.
  ///   - pageCount: How many such pages are kept: 16 MiB if nothing is said.
  init(
    file: InputFile, offset: Int, count: Int, pageEntries: Int = 512, pageCount: Int = 4_096
  ) {
    self.file = file
    self.offset = offset
    self.count = count
    self.pageEntries = pageEntries
    let places = min(pageCount, count / pageEntries + 1)
    pages = [Int](repeating: -1, count: places)
    entries = [[Int64]](repeating: [], count: places)
  }

  /// The id at a position of the table; nil if there is no such position.
  func id(at position: Int64) throws(VectorFileError) -> Int64? {
    guard position >= 0, position < count else { return nil }
    let (page, entry) = Int(position).quotientAndRemainder(dividingBy: pageEntries)
    let place = page % pages.count
    if pages[place] != page {
      entries[place] = try read(page)
      pages[place] = page
    }
    return entries[place][entry]
  }

  private func read(_ page: Int) throws(VectorFileError) -> [Int64] {
    let first = page * pageEntries
    let length = min(pageEntries, count - first)
    try file.seek(to: offset + first * 8)
    let bytes = try file.readBytes(length * 8)
    guard bytes.count == length * 8 else {
      throw VectorFileError(
        file: file.path, offset: offset + first * 8 + bytes.count,
        reason: "the file became shorter while it was read")
    }
    return bytes.withUnsafeBytes { bytes in
      (0..<length).map {
        Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self))
      }
    }
  }
}
