import StorageIO

/// An open segment file: its sections in memory, as long as the reader lives.
///
/// Opening reads header, section table and footer and checks them, so that every section lies
/// inside the mapping at its alignment. What is inside a section is not checked: whoever reads it
/// must check each number before using it as a place. `verifySection` compares one section with
/// its checksums.
package final class SegmentReader: Sendable {
  /// The fixed fields.
  package let header: SegmentHeader
  /// The number in the file's name.
  package let number: UInt64
  private let file: MappedFile
  private let layout: SegmentLayout

  /// The length of the file in bytes.
  package var length: Int { layout.length }

  /// Where the file is.
  package var path: String { file.path }

  /// The sections in the order of the file.
  package var sections: [SectionEntry] { layout.table.entries }

  /// CRC-32C of everything before the footer, as the footer gives it.
  package var wholeChecksum: UInt32 { layout.wholeChecksum }

  /// Opens segment `number` of a directory.
  ///
  /// Throws `notFound` for no file, `truncatedFile`, `extendedFile`, `foreignFile`, `formatTooNew`
  /// or `formatTooOld` for what they say, and `corruption` for anything else that is not as it was
  /// written, or not the segment that is expected.
  package static func open(
    fileSystem: any FileSystem, directory: String, number: UInt64,
    expecting expected: SegmentExpectation? = nil
  ) throws(StoreError) -> SegmentReader {
    let file = try fileSystem.map(SegmentFileName.segment(number).path(in: directory))
    return try SegmentReader(file: file, number: number, expecting: expected)
  }

  /// Opens a segment that is mapped already; nil accepts any number.
  package init(
    file: MappedFile, number: UInt64? = nil, expecting expected: SegmentExpectation? = nil
  ) throws(StoreError) {
    layout = try SegmentLayout.read(
      path: file.path, length: file.count, number: number, expecting: expected
    ) { offset, count throws(StoreError) in
      Array(try file.slice(offset, count: count))
    }
    header = layout.header
    self.number = layout.number
    self.file = file
  }

  /// The bytes of a section, valid while the reader lives; nil if there is none of that kind.
  package func section(_ kind: SectionKind) -> UnsafeRawBufferPointer? {
    guard let index = layout.table.index(of: kind) else { return nil }
    return bytes(of: layout.table.entries[index])
  }

  /// The bytes of a section that must be there; throws `corruption` if not.
  package func requireSection(
    _ kind: SectionKind
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    guard let bytes = section(kind) else {
      throw StoreError(
        .corruption, "The segment has no section \(kind)", at: .init(path: path),
        remedy: SegmentHeader.remedy)
    }
    return bytes
  }

  /// Compares a section with its checksums, reading it through the mapping; throws `corruption`
  /// naming the first block that differs.
  package func verifySection(_ kind: SectionKind) throws(StoreError) {
    let bytes = try requireSection(kind)
    guard let index = layout.table.index(of: kind) else { return }
    let entry = layout.table.entries[index]
    let first = layout.table.firstBlocks[index]
    var whole = Checksum()
    for block in 0..<entry.blockCount {
      let start = block * SegmentLayout.blockSize
      let count = min(SegmentLayout.blockSize, entry.length - start)
      let checksum = Checksum(
        value: Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])))
      guard checksum.value == layout.table.blockChecksums[first + block] else {
        throw SegmentFinding.damagedBlocks(entry, start..<start + count).error(path: path)
      }
      whole.append(checksum, count: count)
    }
    guard whole.value == entry.checksum else {
      throw SegmentFinding.damagedSection(entry).error(path: path)
    }
  }

  /// Tells the system how a section is going to be used.
  package func advise(_ advice: MappedFile.Advice, section kind: SectionKind) {
    guard let index = layout.table.index(of: kind) else { return }
    let entry = layout.table.entries[index]
    file.advise(advice, range: entry.offset..<entry.end)
  }

  private func bytes(of entry: SectionEntry) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: file.bytes[entry.offset..<entry.end])
  }
}
