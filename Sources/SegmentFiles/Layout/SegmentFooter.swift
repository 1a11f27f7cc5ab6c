import StorageIO

/// The last 64 bytes of a segment file. A file that has them was written to its end.
struct SegmentFooter: Hashable {
  var tableOffset: UInt64
  var tableLength: UInt64
  var fileLength: UInt64
  /// The same as in the header: both ends belong to one file.
  var identifier: SegmentIdentifier
  /// CRC-32C of the section table.
  var tableChecksum: UInt32
  /// CRC-32C of everything before the footer.
  var wholeChecksum: UInt32

  static let size = 64
  static let checksumOffset = 52

  /// The 64 bytes of the footer.
  func encoded() -> [UInt8] {
    var writer = ByteWriter(capacity: Self.size)
    writer.write(tableOffset)
    writer.write(tableLength)
    writer.write(fileLength)
    writer.write(identifier.low)
    writer.write(identifier.high)
    writer.write(tableChecksum)
    writer.write(wholeChecksum)
    writer.writeZeros(Self.checksumOffset - writer.count)
    writer.write(Checksum.of(writer.bytes))
    writer.write(SegmentHeader.magic.map { ~$0 })
    return writer.bytes
  }

  /// Reads a footer of exactly 64 bytes that starts at `offset` in the file.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, offset: Int, path: String
  ) throws(StoreError) -> SegmentFooter {
    var reader = ByteReader(bytes, at: .init(path: path, section: "footer", offset: offset))
    let footer = SegmentFooter(
      tableOffset: try reader.readUInt64(), tableLength: try reader.readUInt64(),
      fileLength: try reader.readUInt64(),
      identifier: .init(low: try reader.readUInt64(), high: try reader.readUInt64()),
      tableChecksum: try reader.readUInt32(), wholeChecksum: try reader.readUInt32())
    try reader.skip(checksumOffset - reader.offset)
    let covered = UnsafeRawBufferPointer(rebasing: bytes[..<checksumOffset])
    guard try reader.readUInt32() == Checksum.of(covered) else {
      throw reader.corruption("The segment's footer is damaged (checksum mismatch)")
    }
    guard try reader.readBytes(8).elementsEqual(SegmentHeader.magic.map { ~$0 }) else {
      throw reader.corruption("The segment's footer is damaged (wrong last bytes)")
    }
    return footer
  }
}
