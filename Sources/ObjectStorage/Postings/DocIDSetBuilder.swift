/// Collects DocIDs in any order into a `DocIDSet`.
package struct DocIDSetBuilder: Sendable {
  private var positions: [UInt64: Int] = [:]
  private var words: [UInt64] = []
  private var last: (block: UInt64, position: Int)?

  /// A builder without DocIDs.
  package init() {}

  /// Whether nothing was added.
  package var isEmpty: Bool { positions.isEmpty }

  /// Adds a DocID.
  package mutating func insert(_ docID: UInt64) {
    let start = position(of: docID >> PostingBlock.shift)
    let offset = PostingBlock.offset(docID)
    words[start + offset >> 6] |= 1 << UInt64(offset & 63)
  }

  /// Adds the members of a stored block; false if these bytes are not one.
  mutating func insert(block: UInt64, _ bytes: UnsafeRawBufferPointer) -> Bool {
    let start = position(of: block)
    return words.withUnsafeMutableBufferPointer { words in
      PostingBlock.add(
        bytes,
        to: UnsafeMutableBufferPointer(rebasing: words[start..<start + PostingBlock.wordCount]))
    }
  }

  /// The set of what was added.
  package func finish() -> DocIDSet {
    let sorted = positions.sorted { $0.key < $1.key }
    var ordered: [UInt64] = []
    ordered.reserveCapacity(words.count)
    for (_, start) in sorted {
      ordered.append(contentsOf: words[start..<start + PostingBlock.wordCount])
    }
    return DocIDSet(blocks: sorted.map(\.key), words: ordered, isComplement: false)
  }

  private mutating func position(of block: UInt64) -> Int {
    if let last, last.block == block { return last.position }
    let position = positions[block] ?? words.count
    if position == words.count {
      positions[block] = position
      words.append(contentsOf: repeatElement(0, count: PostingBlock.wordCount))
    }
    last = (block, position)
    return position
  }
}
