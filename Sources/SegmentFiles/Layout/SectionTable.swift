import StorageIO

/// Which sections a file has, and the checksums of their blocks.
///
/// Entries lie in the order of the file; after them the CRC-32C of every 64 KiB block of every
/// section, in the same order.
struct SectionTable: Sendable {
  private(set) var entries: [SectionEntry] = []
  /// Block checksums of all sections.
  private(set) var blockChecksums: [UInt32] = []
  /// For each entry, where its block checksums start.
  private(set) var firstBlocks: [Int] = []

  static let entrySize = 32
  /// More sections than any index has; keeps the memory for a hostile table small.
  static let maximumCount = 1024

  /// Adds the next section of the file.
  mutating func append(_ entry: SectionEntry, blocks: [UInt32]) {
    firstBlocks.append(blockChecksums.count)
    entries.append(entry)
    blockChecksums += blocks
  }

  /// The position of a section.
  func index(of kind: SectionKind) -> Int? { entries.firstIndex { $0.kind == kind } }

  /// The bytes of the table.
  func encoded() -> [UInt8] {
    var writer = ByteWriter(capacity: entries.count * Self.entrySize + blockChecksums.count * 4)
    for entry in entries {
      writer.write(entry.kind.rawValue)
      writer.write(UInt32(truncatingIfNeeded: entry.alignment))
      writer.write(UInt64(entry.offset))
      writer.write(UInt64(entry.length))
      writer.write(entry.checksum)
      writer.write(UInt32(0))
    }
    for checksum in blockChecksums { writer.write(checksum) }
    return writer.bytes
  }

  /// Reads a table of `count` sections that starts at `offset` in the file, behind all of them.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, count: Int, offset: Int, path: String
  ) throws(StoreError) -> SectionTable {
    var reader = ByteReader(bytes, at: .init(path: path, section: "section table", offset: offset))
    guard count <= maximumCount else {
      throw reader.corruption("The table has \(count) sections, more than \(maximumCount)")
    }
    var table = SectionTable()
    var end = SegmentHeader.size
    var blockCount = 0
    for _ in 0..<count {
      let entry = try decodeEntry(&reader, from: end, to: offset)
      guard table.index(of: entry.kind) == nil else {
        throw reader.corruption("The table names \(entry.kind) twice")
      }
      table.firstBlocks.append(blockCount)
      table.entries.append(entry)
      end = entry.end
      blockCount += entry.blockCount
    }
    guard reader.remaining == blockCount * 4 else {
      throw reader.corruption(
        "The table has \(reader.remaining) bytes of block checksums, not \(blockCount * 4)")
    }
    table.blockChecksums.reserveCapacity(blockCount)
    for _ in 0..<blockCount { table.blockChecksums.append(try reader.readUInt32()) }
    return table
  }

  /// Reads an entry whose section must lie between two offsets.
  private static func decodeEntry(
    _ reader: inout ByteReader, from start: Int, to limit: Int
  ) throws(StoreError) -> SectionEntry {
    let before = reader
    let kind = SectionKind(rawValue: try reader.readUInt32())
    let alignment = Int(try reader.readUInt32())
    let (offset, length) = (try reader.readUInt64(), try reader.readUInt64())
    let checksum = try reader.readUInt32()
    try reader.skip(4)
    guard alignment.nonzeroBitCount == 1, alignment <= SegmentLayout.maximumAlignment else {
      throw before.corruption("The alignment \(alignment) of \(kind) is not possible")
    }
    guard let offset = Int(exactly: offset), let length = Int(exactly: length), offset >= start,
      offset <= limit, length <= limit - offset
    else {
      throw before.corruption(
        "\(kind) (offset \(offset), length \(length)) overlaps another part of the file")
    }
    guard offset % alignment == 0 else {
      throw before.corruption("The offset \(offset) of \(kind) is no multiple of \(alignment)")
    }
    return SectionEntry(
      kind: kind, alignment: alignment, offset: offset, length: length, checksum: checksum)
  }
}
