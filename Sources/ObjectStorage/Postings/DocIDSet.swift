/// A set of DocIDs as bitmaps of blocks, or everything but such a set.
///
/// Combining two sets costs a few machine words for each block that has a member, whatever the number
/// of members is. The complement is a flag, so the negation of a small set stays small.
package struct DocIDSet: Sendable, Equatable {
  /// Blocks that have a listed DocID, ascending.
  package let blocks: [UInt64]
  /// `PostingBlock.wordCount` words for each of `blocks`.
  package let words: [UInt64]
  /// Whether the set has every DocID but the listed ones.
  package let isComplement: Bool

  /// No DocID.
  package static let empty = DocIDSet(blocks: [], words: [], isComplement: false)
  /// Every DocID.
  package static let everything = DocIDSet(blocks: [], words: [], isComplement: true)

  init(blocks: [UInt64], words: [UInt64], isComplement: Bool) {
    self.blocks = blocks
    self.words = words
    self.isComplement = isComplement
  }

  /// The set of these DocIDs.
  package init(_ docIDs: some Sequence<UInt64>) {
    var builder = DocIDSetBuilder()
    for docID in docIDs { builder.insert(docID) }
    self = builder.finish()
  }

  /// Whether the set has no DocID.
  package var isEmpty: Bool { blocks.isEmpty && !isComplement }
  /// Whether the set has every DocID.
  package var isEverything: Bool { blocks.isEmpty && isComplement }

  /// How many DocIDs are listed: the members, or of a complement the others.
  package var listedCount: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Bytes of memory.
  package var byteCount: Int { 8 * (blocks.count + words.count) }

  /// Whether a DocID is a member.
  package func contains(_ docID: UInt64) -> Bool {
    guard let index = index(of: docID >> PostingBlock.shift) else { return isComplement }
    let offset = PostingBlock.offset(docID)
    let word = words[index * PostingBlock.wordCount + offset >> 6]
    return (word >> UInt64(offset & 63) & 1 != 0) != isComplement
  }

  /// The DocIDs that are not members.
  package var complement: DocIDSet {
    DocIDSet(blocks: blocks, words: words, isComplement: !isComplement)
  }

  /// The DocIDs of both sets.
  package func intersection(_ other: DocIDSet) -> DocIDSet {
    switch (isComplement, other.isComplement) {
    case (false, false): merged(other, keeping: (false, false), complement: false) { $0 & $1 }
    case (false, true): merged(other, keeping: (true, false), complement: false) { $0 & ~$1 }
    case (true, false): other.merged(self, keeping: (true, false), complement: false) { $0 & ~$1 }
    case (true, true): merged(other, keeping: (true, true), complement: true) { $0 | $1 }
    }
  }

  /// The DocIDs of either set.
  package func union(_ other: DocIDSet) -> DocIDSet {
    complement.intersection(other.complement).complement
  }

  /// The DocIDs that the other set does not have.
  package func subtracting(_ other: DocIDSet) -> DocIDSet { intersection(other.complement) }

  /// Visits the listed DocIDs of a range in order, until `body` returns false.
  package func forEachListed<Failure: Error>(
    in range: ClosedRange<UInt64> = 0...UInt64.max, _ body: (UInt64) throws(Failure) -> Bool
  ) throws(Failure) {
    var index = firstIndex(from: range.lowerBound >> PostingBlock.shift)
    while index < blocks.count {
      let base = blocks[index] << PostingBlock.shift
      if base > range.upperBound { return }
      for word in 0..<PostingBlock.wordCount {
        var rest = words[index * PostingBlock.wordCount + word]
        while rest != 0 {
          let docID = base + UInt64(word * 64 + rest.trailingZeroBitCount)
          rest &= rest - 1
          if docID < range.lowerBound { continue }
          if docID > range.upperBound { return }
          if try !body(docID) { return }
        }
      }
      index += 1
    }
  }

  /// How many DocIDs are listed in the blocks that a range touches: an upper bound for the range.
  package func listedCount(around range: ClosedRange<UInt64>) -> Int {
    var count = 0
    var index = firstIndex(from: range.lowerBound >> PostingBlock.shift)
    while index < blocks.count, blocks[index] <= range.upperBound >> PostingBlock.shift {
      for word in 0..<PostingBlock.wordCount {
        count += words[index * PostingBlock.wordCount + word].nonzeroBitCount
      }
      index += 1
    }
    return count
  }

  /// The listed DocIDs of the blocks `first...last` as one bitmap.
  package func bitmap(blocks range: ClosedRange<UInt64>) -> [UInt64] {
    let count = Int(range.upperBound - range.lowerBound) + 1
    var bitmap = [UInt64](repeating: 0, count: count * PostingBlock.wordCount)
    var index = firstIndex(from: range.lowerBound)
    while index < blocks.count, blocks[index] <= range.upperBound {
      let target = Int(blocks[index] - range.lowerBound) * PostingBlock.wordCount
      for word in 0..<PostingBlock.wordCount {
        bitmap[target + word] = words[index * PostingBlock.wordCount + word]
      }
      index += 1
    }
    return bitmap
  }

  // MARK: - Blocks

  private func index(of block: UInt64) -> Int? {
    let index = firstIndex(from: block)
    return index < blocks.count && blocks[index] == block ? index : nil
  }

  private func firstIndex(from block: UInt64) -> Int {
    var low = 0
    var high = blocks.count
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle] < block { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Combines the listed DocIDs block by block. A block that only one side has is taken over as it is
  /// where that side is kept, and left out otherwise.
  @inline(__always)
  private func merged(
    _ other: DocIDSet, keeping: (own: Bool, others: Bool), complement: Bool,
    _ combine: (UInt64, UInt64) -> UInt64
  ) -> DocIDSet {
    var blocks: [UInt64] = []
    var words: [UInt64] = []
    words.reserveCapacity(max(self.words.count, other.words.count))
    let size = PostingBlock.wordCount
    var a = 0
    var b = 0
    while a < self.blocks.count || b < other.blocks.count {
      let own = a < self.blocks.count ? self.blocks[a] : UInt64.max
      let others = b < other.blocks.count ? other.blocks[b] : UInt64.max
      if own == others {
        var any: UInt64 = 0
        for word in 0..<size {
          let value = combine(self.words[a * size + word], other.words[b * size + word])
          any |= value
          words.append(value)
        }
        if any == 0 { words.removeLast(size) } else { blocks.append(own) }
        a += 1
        b += 1
      } else if own < others {
        if keeping.own {
          blocks.append(own)
          words.append(contentsOf: self.words[a * size..<(a + 1) * size])
        }
        a += 1
      } else {
        if keeping.others {
          blocks.append(others)
          words.append(contentsOf: other.words[b * size..<(b + 1) * size])
        }
        b += 1
      }
    }
    return DocIDSet(blocks: blocks, words: words, isComplement: complement)
  }
}
