/// What a tree's root, or a side of a split, leads to: another split, or a leaf. As it is stored, four bytes.
struct TreeReference: Equatable {
  let rawValue: UInt32

  private static let leafBit: UInt32 = 1 << 31
  /// The most splits, and the most words of leaves, of a forest.
  static let limit = Int(Int32.max)

  init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The split of that number.
  static func split(_ index: Int) -> TreeReference {
    TreeReference(rawValue: UInt32(truncatingIfNeeded: index) & ~leafBit)
  }

  /// The leaf that begins at that word of the leaves.
  static func leaf(_ word: Int) -> TreeReference {
    TreeReference(rawValue: UInt32(truncatingIfNeeded: word) | leafBit)
  }

  /// Whether it leads to a leaf.
  @inline(__always) var isLeaf: Bool { rawValue & Self.leafBit != 0 }

  /// The number of the split, or the first word of the leaf.
  @inline(__always) var index: Int { Int(rawValue & ~Self.leafBit) }

  /// The same where the first split and the first word of a tree have these numbers in the forest.
  func moved(splits: Int, words: Int) -> TreeReference {
    isLeaf ? .leaf(index + words) : .split(index + splits)
  }
}
