import SegmentFiles
import StorageIO
import TestSupport

/// Segments small enough to damage every bit of.
enum SegmentFixture {
  static let alpha = SectionKind(rawValue: 0x6168_706C)
  static let beta = SectionKind(rawValue: 2)
  static let empty = SectionKind(rawValue: 3)
  static let missing = SectionKind(rawValue: 99)

  static func header(version: FormatVersion = .current) -> SegmentHeader {
    SegmentHeader(
      kind: 2, encoding: 1, metric: 3, flags: 0x8000_0001, dimensions: 384, count: 25_000,
      firstDocID: 7, lastDocID: 30_000, identifier: .init(low: 0x0123_4567_89AB_CDEF, high: 42),
      seed: 100, generation: 3, formatVersion: version)
  }

  static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    var words: [UInt8] = []
    words.reserveCapacity(count + 8)
    while words.count < count {
      withUnsafeBytes(of: generator.next()) { words.append(contentsOf: $0) }
    }
    return Array(words.prefix(count))
  }

  /// Writes a segment with the given sections and returns what the writer says of it.
  @discardableResult
  static func write(
    _ fileSystem: any FileSystem = PosixFileSystem(), in directory: String, number: UInt64 = 0x17,
    header: SegmentHeader = header(), sections: [(SectionKind, Int, [UInt8])] = small
  ) throws -> SegmentFileSummary {
    let writer = try SegmentWriter(
      fileSystem: fileSystem, directory: directory, number: number, header: header)
    for (kind, alignment, bytes) in sections {
      try writer.beginSection(kind, alignment: alignment)
      try writer.append(bytes)
      try writer.endSection()
    }
    return try writer.finish()
  }

  static var small: [(SectionKind, Int, [UInt8])] {
    [(alpha, 64, bytes(100, seed: 1)), (empty, 8, []), (beta, 256, bytes(33, seed: 2))]
  }

  static func contents(_ path: String) throws -> [UInt8] {
    let file = try PosixFileSystem().openFile(path)
    return try file.readBytes(file.length, at: 0)
  }

  /// A copy of `bytes` that reads like a mapped file.
  static func mapped(_ bytes: [UInt8]) -> MappedFile {
    bytes.withUnsafeBytes { MappedFile(path: "memory.seg", copying: $0) }
  }

  /// The error of opening `bytes` as a segment; nil if it opens.
  static func openError(
    _ bytes: [UInt8], number: UInt64? = 0x17, expecting: SegmentExpectation? = nil
  ) -> StoreError? {
    do throws(StoreError) {
      _ = try SegmentReader(file: mapped(bytes), number: number, expecting: expecting)
      return nil
    } catch {
      return error
    }
  }

  /// Replaces bytes and corrects the checksum of the header, as another version would have it.
  static func patchingHeader(_ bytes: [UInt8], at offset: Int, _ new: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes.replaceSubrange(offset..<offset + new.count, with: new)
    let sum = Checksum.of(Array(bytes[..<124]))
    for index in 0..<4 { bytes[124 + index] = UInt8(truncatingIfNeeded: sum >> (8 * index)) }
    return bytes
  }
}
