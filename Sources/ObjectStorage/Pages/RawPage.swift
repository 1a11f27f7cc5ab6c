/// One page of a file of LMDB 0.9 on a 64-bit little-endian machine, as its bytes say it: nothing is
/// trusted. Knows `MDB_page`, `MDB_node` and `MDB_db` of `mdb.c`.
struct RawPage {
  /// The page's bytes, as many as the page size says.
  var bytes: [UInt8]

  /// Bytes before the list of nodes.
  static let headerSize = 16
  /// Bytes of a node before its key.
  static let nodeSize = 8

  private enum Flag {
    static let branch: UInt16 = 0x01
    static let leaf: UInt16 = 0x02
    static let overflow: UInt16 = 0x04
    /// Set in memory only; what is on the disk does not depend on it.
    static let dirty: UInt16 = 0x10
  }

  /// What kind of page it says to be.
  enum Kind { case branch, leaf, overflow, other }

  /// One entry of a branch or a leaf, inside the page.
  struct Node {
    /// Where it starts.
    var offset: Int
    var key: Range<Int>
    /// Where the data start; in a branch there are none.
    var data: Int
    /// Bytes of data, wherever they lie.
    var size: UInt64
    var flags: UInt16
    /// The page below, in a branch.
    var child: UInt64
    /// The data lie on pages of their own, whose number is here.
    var isBig: Bool { flags & 1 != 0 }
    /// The data are an `MDB_db`.
    var isTree: Bool { flags & 2 != 0 }
  }

  var size: Int { bytes.count }
  /// The number that the page says to have.
  var number: UInt64 { word(0) }
  private var flags: UInt16 { half(10) & ~Flag.dirty }
  private var lower: Int { Int(half(12)) }
  private var upper: Int { Int(half(14)) }
  /// How many pages an overflow page and those after it are.
  var overflowPages: UInt64 { UInt64(half(12)) | UInt64(half(14)) << 16 }

  var kind: Kind {
    switch flags {
    case Flag.branch: .branch
    case Flag.leaf: .leaf
    case Flag.overflow: .overflow
    default: .other
    }
  }

  /// How many nodes the list has; none if the header cannot be right.
  var entryCount: Int {
    guard lower >= Self.headerSize, lower <= size, lower % 2 == 0 else { return 0 }
    return (lower - Self.headerSize) / 2
  }

  /// How many nodes the list may have where the header is damaged: those before the first node that is listed. Only
  /// for records that are checked by other means.
  var likelyEntryCount: Int {
    if lower >= Self.headerSize, lower % 2 == 0, lower <= upper, upper <= size { return entryCount }
    var count = 0
    var lowest = size
    while Self.headerSize + 2 * count + 2 <= lowest {
      let node = Int(half(Self.headerSize + 2 * count))
      guard node >= Self.headerSize + 2, node <= size - Self.nodeSize, node % 2 == 0 else { break }
      lowest = min(lowest, node)
      count += 1
    }
    return count
  }

  /// A node, if all of it that must lie inside the page does.
  func node(_ entry: Int, isBranch: Bool) -> Node? {
    let place = Self.headerSize + 2 * entry
    guard place + 2 <= size else { return nil }
    let offset = Int(half(place))
    guard offset >= Self.headerSize, offset <= size - Self.nodeSize else { return nil }
    let low = UInt64(half(offset)) | UInt64(half(offset + 2)) << 16
    let key = offset + Self.nodeSize
    let end = key + Int(half(offset + 6))
    guard end <= size else { return nil }
    let flags = half(offset + 4)
    if isBranch {
      return Node(
        offset: offset, key: key..<end, data: end, size: 0, flags: 0,
        child: low | UInt64(flags) << 32)
    }
    let node = Node(offset: offset, key: key..<end, data: end, size: low, flags: flags, child: 0)
    let inside = node.isBig ? 8 : Int(clamping: low)
    guard inside <= size - end else { return nil }
    return node
  }

  /// Bytes that a node takes of the page: LMDB keeps them even.
  private func length(of node: Node, isBranch: Bool) -> Int {
    let data = isBranch ? 0 : node.isBig ? 8 : Int(clamping: node.size)
    let length = Self.nodeSize + node.key.count + data
    return length + length % 2
  }

  /// What is wrong with a branch or leaf that should have this number; nil for a page as LMDB writes them:
  /// its nodes fill the space above `upper` without gap or overlap.
  func flaw(expecting number: UInt64) -> String? {
    guard self.number == number, kind == .branch || kind == .leaf else {
      return "it is not the page it should be"
    }
    let isBranch = kind == .branch
    guard lower >= Self.headerSize, lower % 2 == 0, lower <= upper, upper <= size else {
      return "its header is malformed"
    }
    var places: [(start: Int, end: Int)] = []
    places.reserveCapacity(entryCount)
    for entry in 0..<entryCount {
      guard let node = node(entry, isBranch: isBranch) else { return "a node lies outside" }
      // LMDB follows the flags of values that are lists, which no table of ours has.
      if !isBranch, node.flags & ~3 != 0 { return "a node has unknown flags" }
      places.append((node.offset, node.offset + length(of: node, isBranch: isBranch)))
    }
    places.sort { $0.start < $1.start }
    var end = upper
    for place in places {
      guard place.start == end else { return "its nodes do not lie side by side" }
      end = place.end
    }
    return end == size ? nil : "its nodes do not lie side by side"
  }

  func half(_ offset: Int) -> UInt16 {
    UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
  }

  func word(_ offset: Int) -> UInt64 {
    bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
  }
}
