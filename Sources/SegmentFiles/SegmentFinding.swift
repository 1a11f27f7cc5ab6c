import StorageIO

/// Something that verification found wrong in a segment file.
package struct SegmentFinding: Hashable, Sendable {
  /// The kind of damage.
  package var code: StoreError.Code
  /// What is wrong.
  package var message: String
  /// The section concerned; nil for the parts around the sections.
  package var section: SectionKind?
  /// The bytes of the file concerned.
  package var range: Range<Int>?

  /// The finding as an error, to be thrown or reported.
  package func error(path: String) -> StoreError {
    StoreError(
      code, message,
      at: .init(path: path, section: section?.description, offset: range?.lowerBound),
      remedy: SegmentHeader.remedy)
  }

  /// Blocks of a section, by offsets in it, that differ from their checksums.
  static func damagedBlocks(_ entry: SectionEntry, _ range: Range<Int>) -> SegmentFinding {
    SegmentFinding(
      code: .corruption, message: "\(range.count) bytes of a section differ from their checksum",
      section: entry.kind, range: range.lowerBound + entry.offset..<range.upperBound + entry.offset)
  }

  /// A section whose blocks are right but whose own checksum is not.
  static func damagedSection(_ entry: SectionEntry) -> SegmentFinding {
    SegmentFinding(
      code: .corruption, message: "The checksums of a section contradict each other",
      section: entry.kind, range: entry.offset..<entry.end)
  }
}
