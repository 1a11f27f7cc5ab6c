/// What the manifest needs to know of a finished segment file.
package struct SegmentFileSummary: Hashable, Sendable {
  /// The number in the file's name.
  package var number: UInt64
  /// The header as written.
  package var header: SegmentHeader
  /// The length of the file.
  package var length: Int
  /// CRC-32C of everything before the footer.
  package var wholeChecksum: UInt32

  /// What the manifest should say when the file is opened.
  package var expectation: SegmentExpectation {
    SegmentExpectation(identifier: header.identifier, length: length)
  }
}
