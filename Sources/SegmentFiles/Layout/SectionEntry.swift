/// Where a section lies, and the checksum of its bytes.
package struct SectionEntry: Hashable, Sendable {
  /// What it holds.
  package var kind: SectionKind
  /// The power of two that its offset is a multiple of.
  package var alignment: Int
  /// Where it starts in the file.
  package var offset: Int
  /// How many bytes it has.
  package var length: Int
  /// CRC-32C of its bytes.
  package var checksum: UInt32

  /// Where it ends in the file.
  package var end: Int { offset + length }

  /// How many checksummed blocks it has; the last may be short.
  package var blockCount: Int {
    length / SegmentLayout.blockSize + (length % SegmentLayout.blockSize == 0 ? 0 : 1)
  }
}
