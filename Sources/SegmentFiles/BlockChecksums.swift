import StorageIO

/// The checksums of a stream's 64 KiB blocks, and of the whole stream, each byte read once.
struct BlockChecksums {
  private var blocks: [UInt32] = []
  private var current = Checksum()
  private var currentCount = 0
  private var whole = Checksum()

  /// Adds bytes in any pieces.
  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(SegmentLayout.blockSize - currentCount)
      current.update(UnsafeRawBufferPointer(rebasing: piece))
      currentCount += piece.count
      if currentCount == SegmentLayout.blockSize { endBlock() }
      rest = rest.dropFirst(piece.count)
    }
  }

  /// The checksum of everything, and those of the blocks.
  func finish() -> (whole: Checksum, blocks: [UInt32]) {
    var copy = self
    if currentCount > 0 { copy.endBlock() }
    return (copy.whole, copy.blocks)
  }

  private mutating func endBlock() {
    blocks.append(current.value)
    whole.append(current, count: currentCount)
    current = Checksum()
    currentCount = 0
  }
}
