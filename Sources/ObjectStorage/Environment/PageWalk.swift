import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Walks the trees of an LMDB file by `pread` and finds out whether every page they name is there.
///
/// LMDB maps the file and trusts it: a page beyond the end of a truncated file is a bus error. A file
/// may rightly be shorter than its last page number says, because pages that were freed in the
/// transaction that made them are never written; so only the walk can tell. It knows the pages of
/// LMDB 0.9 on 64-bit machines: `MDB_page`, `MDB_node`, `MDB_db` and `MDB_meta` of `mdb.c`.
struct PageWalk {
  private let descriptor: Int32
  private let pageSize: Int
  private let pageCount: UInt64
  private let location: StoreError.Location
  private var visited: UInt64 = 0
  private var pending: [UInt64] = []
  private var page: [UInt8]

  private enum Flag {
    static let branch: UInt16 = 1
    static let leaf: UInt16 = 2
    static let overflow: UInt16 = 4
    static let bigData: UInt16 = 1
    static let subtree: UInt16 = 2
  }

  /// Walks the version that transaction `transactionID` sees; the caller holds it open. `descriptor`
  /// is LMDB's own: opening the file once more would drop its locks.
  static func check(
    descriptor: Int32, length: Int, pageSize: Int, transactionID: UInt64,
    location: StoreError.Location
  ) throws(StoreError) {
    var walk = PageWalk(
      descriptor: descriptor, length: length, pageSize: pageSize, location: location)
    try walk.run(transactionID)
  }

  private init(descriptor: Int32, length: Int, pageSize: Int, location: StoreError.Location) {
    self.descriptor = descriptor
    self.pageSize = pageSize
    self.location = location
    pageCount = UInt64(max(0, length) / pageSize)
    page = [UInt8](repeating: 0, count: pageSize)
  }

  private mutating func run(_ transactionID: UInt64) throws(StoreError) {
    let rootOffsets = [16 + 24 + 40, 16 + 24 + 48 + 40]
    var isFound = false
    for number in 0...1 as ClosedRange<UInt64> {
      try load(number)
      guard word(16 + 24 + 96 + 8) == transactionID else { continue }
      isFound = true
      pending = rootOffsets.map { word($0) }.filter { $0 != .max }
      break
    }
    guard isFound else { throw damage(0, "no meta page of transaction \(transactionID)") }
    while let number = pending.popLast() {
      try load(number)
      visited += 1
      if visited > pageCount { throw damage(number, "pages form a loop") }
      try visit(number)
    }
  }

  private mutating func visit(_ number: UInt64) throws(StoreError) {
    let flags = half(10)
    let isBranch = flags & Flag.branch != 0
    guard word(0) == number, isBranch != (flags & Flag.leaf != 0) else {
      throw damage(number, "it is not the page it should be")
    }
    let lower = Int(half(12))
    guard lower >= 16, lower <= pageSize, lower % 2 == 0 else {
      throw damage(number, "its header is malformed")
    }
    for entry in 0..<(lower - 16) / 2 {
      let node = Int(half(16 + 2 * entry))
      guard node >= lower, node <= pageSize - 8 else { throw damage(number, "a node lies outside") }
      let low = UInt64(half(node)) | UInt64(half(node + 2)) << 16
      let nodeFlags = half(node + 4)
      if isBranch {
        pending.append(low | UInt64(nodeFlags) << 32)
      } else {
        try visitLeaf(number, data: node + 8 + Int(half(node + 6)), size: low, nodeFlags)
      }
    }
  }

  private mutating func visitLeaf(
    _ number: UInt64, data: Int, size: UInt64, _ flags: UInt16
  ) throws(StoreError) {
    if flags & Flag.bigData != 0 {
      guard data <= pageSize - 8 else { throw damage(number, "a node lies outside") }
      let first = word(data)
      let (end, overflow) = first.addingReportingOverflow(
        (size + 16 + UInt64(pageSize) - 1) / UInt64(pageSize))
      if overflow || end > pageCount { throw damage(first, "the file ends before it") }
    } else if flags & Flag.subtree != 0 {
      guard data <= pageSize - 48 else { throw damage(number, "a node lies outside") }
      let root = word(data + 40)
      if root != .max { pending.append(root) }
    } else if size > UInt64(max(0, pageSize - data)) {
      throw damage(number, "a value lies outside")
    }
  }

  private mutating func load(_ number: UInt64) throws(StoreError) {
    guard number < pageCount else { throw damage(number, "the file ends before it") }
    var filled = 0
    while filled < pageSize {
      let offset = off_t(number) * off_t(pageSize) + off_t(filled)
      let count = page.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress?.advanced(by: filled), pageSize - filled, offset)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw .system("pread", errno: errno, at: location) }
      if count == 0 { throw damage(number, "the file ends before it") }
      filled += count
    }
  }

  private func half(_ offset: Int) -> UInt16 {
    UInt16(page[offset]) | UInt16(page[offset + 1]) << 8
  }

  private func word(_ offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(page[offset + $1]) << UInt64(8 * $1) }
  }

  private func damage(_ number: UInt64, _ what: String) -> StoreError {
    var place = location
    place.offset = Int(clamping: number &* UInt64(pageSize))
    return StoreError(
      .corruption, "The LMDB file is damaged at page \(number): \(what)", at: place,
      remedy: "Restore a backup")
  }
}
