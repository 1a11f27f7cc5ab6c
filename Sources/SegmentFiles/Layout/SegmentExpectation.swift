import StorageIO

/// What the manifest says about a segment file.
package struct SegmentExpectation: Hashable, Sendable {
  /// What the segment was made from.
  package var identifier: SegmentIdentifier
  /// The length of the file.
  package var length: Int

  /// Creates an expectation.
  package init(identifier: SegmentIdentifier, length: Int) {
    self.identifier = identifier
    self.length = length
  }

  /// Throws unless a file that is whole in itself is also the one meant.
  func require(
    _ identifier: SegmentIdentifier, _ length: Int, path: String
  ) throws(StoreError) {
    guard identifier == self.identifier else {
      throw StoreError(
        .corruption,
        "The file holds another segment, \(identifier), than the manifest names, \(self.identifier)",
        at: .init(path: path), remedy: SegmentHeader.remedy)
    }
    guard length == self.length else {
      throw StoreError(
        length < self.length ? .truncatedFile : .extendedFile,
        "The segment has \(length) bytes, the manifest says \(self.length)",
        at: .init(path: path), remedy: SegmentHeader.remedy)
    }
  }
}
