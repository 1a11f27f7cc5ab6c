/// The members of a set among 8,192 neighbouring DocIDs: one value of a `PostingTable`.
///
/// Stored as ascending offsets of two bytes where there are fewer than 512 of them, or else as a bitmap
/// of 1,024 bytes: so a value never leaves its LMDB page, a rare value costs two bytes for each object
/// and a frequent one a bit for each DocID. The two forms differ in length. (Two forms chosen by size are
/// the idea of Roaring bitmaps, Chambi et al., 2016.)
package struct PostingBlock: Sendable, Equatable {
  /// DocIDs of a block: `docID >> shift` is its number.
  package static let shift: UInt64 = 13
  /// Words of a block's bitmap.
  package static let wordCount = 1 << (13 - 6)
  /// Stored as offsets below this many members.
  static let bitmapThreshold = 512
  static let bitmapBytes = wordCount * 8

  /// One bit for each DocID of the block.
  package private(set) var words = [UInt64](repeating: 0, count: PostingBlock.wordCount)

  /// An empty block.
  package init() {}

  /// The offset of a DocID in its block.
  @inline(__always)
  package static func offset(_ docID: UInt64) -> Int { Int(docID & (1 << shift - 1)) }

  /// The members.
  package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Whether the offset is a member.
  package func contains(_ offset: Int) -> Bool {
    words[offset >> 6] >> UInt64(offset & 63) & 1 != 0
  }

  /// Adds or removes a member; false if nothing changed.
  @discardableResult
  package mutating func set(_ offset: Int, to isMember: Bool) -> Bool {
    let bit = UInt64(1) << UInt64(offset & 63)
    let old = words[offset >> 6]
    words[offset >> 6] = isMember ? old | bit : old & ~bit
    return words[offset >> 6] != old
  }

  /// Reads a stored block in place of what is here; false if these bytes are not one.
  mutating func read(_ bytes: UnsafeRawBufferPointer) -> Bool {
    for index in words.indices { words[index] = 0 }
    return words.withUnsafeMutableBufferPointer { PostingBlock.add(bytes, to: $0) }
  }

  /// Adds the members of a stored block to a bitmap of `wordCount` words; false if these bytes are not
  /// what `encoded` writes.
  static func add(
    _ bytes: UnsafeRawBufferPointer, to words: UnsafeMutableBufferPointer<UInt64>
  ) -> Bool {
    guard words.count >= wordCount else { return false }
    if bytes.count == bitmapBytes {
      var count = 0
      for index in 0..<wordCount {
        let word = bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self).littleEndian
        words[index] |= word
        count += word.nonzeroBitCount
      }
      return count >= bitmapThreshold
    }
    guard bytes.count > 0, bytes.count % 2 == 0, bytes.count / 2 < bitmapThreshold else {
      return false
    }
    var previous = -1
    for index in 0..<bytes.count / 2 {
      let offset = Int(bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self).littleEndian)
      guard offset > previous, offset < 1 << Int(shift) else { return false }
      words[offset >> 6] |= 1 << UInt64(offset & 63)
      previous = offset
    }
    return true
  }

  /// The stored form; empty for an empty block, which is not stored.
  func encoded() -> [UInt8] {
    let count = count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count < PostingBlock.bitmapThreshold ? count * 2 : 1024)
    for (index, word) in words.enumerated() {
      if count >= PostingBlock.bitmapThreshold {
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
        continue
      }
      var rest = word
      while rest != 0 {
        let offset = UInt16(index * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
        bytes.append(UInt8(truncatingIfNeeded: offset))
        bytes.append(UInt8(truncatingIfNeeded: offset >> 8))
      }
    }
    return bytes
  }
}
