import StorageIO

extension SegmentHeader {
  /// Bytes of the header in every version.
  package static let size = 128
  /// Eight bytes that no text file starts with and that text-mode transfers damage, as in PNG.
  static let magic: [UInt8] = [0x89, 0x53, 0x45, 0x41, 0x4D, 0x0D, 0x0A, 0x1A]
  static let versionOffset = 8
  static let checksumOffset = 124

  /// The 128 bytes of the header.
  func encoded(_ geometry: SegmentGeometry) -> [UInt8] {
    var writer = ByteWriter(capacity: Self.size)
    writer.write(Self.magic)
    writer.write(formatVersion.major)
    writer.write(formatVersion.minor)
    writer.write(kind)
    writer.write(encoding)
    writer.write(metric)
    writer.write(UInt16(0))
    writer.write(flags)
    writer.write(dimensions)
    writer.write(generation)
    writer.write(count)
    writer.write(firstDocID)
    writer.write(lastDocID)
    writer.write(identifier.low)
    writer.write(identifier.high)
    writer.write(seed)
    writer.write(geometry.number)
    writer.write(geometry.fileLength)
    writer.write(geometry.tableOffset)
    writer.write(geometry.sectionCount)
    writer.writeZeros(Self.checksumOffset - writer.count)
    writer.write(Checksum.of(writer.bytes))
    return writer.bytes
  }

  /// Reads the header of a file of `actualLength` bytes, of which `bytes` are the first 128 or all.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, actualLength: Int, path: String
  ) throws(StoreError) -> (SegmentHeader, SegmentGeometry) {
    try requireIntact(bytes, actualLength: actualLength, path: path)
    var reader = ByteReader(bytes, at: .init(path: path, section: "header", offset: 0))
    try reader.skip(versionOffset)
    let version = FormatVersion(major: try reader.readUInt16(), minor: try reader.readUInt16())
    try version.requireReadable(path: path)
    let (kind, encoding, metric) = (
      try reader.readUInt16(), try reader.readUInt16(), try reader.readUInt16()
    )
    try reader.skip(2)
    let (flags, dimensions) = (try reader.readUInt32(), try reader.readUInt32())
    let generation = try reader.readUInt32()
    let (count, first, last) = (
      try reader.readUInt64(), try reader.readUInt64(), try reader.readUInt64()
    )
    let identifier = SegmentIdentifier(low: try reader.readUInt64(), high: try reader.readUInt64())
    let seed = try reader.readUInt64()
    let geometry = SegmentGeometry(
      number: try reader.readUInt64(), fileLength: try reader.readUInt64(),
      tableOffset: try reader.readUInt64(), sectionCount: try reader.readUInt32())
    guard first <= last else {
      throw reader.corruption("The header's interval of DocIDs ends before it starts")
    }
    let header = SegmentHeader(
      kind: kind, encoding: encoding, metric: metric, flags: flags, dimensions: dimensions,
      count: count, firstDocID: first, lastDocID: last, identifier: identifier, seed: seed,
      generation: generation, formatVersion: version)
    return (header, geometry)
  }

  /// Throws unless the header is whole, ours, and as it was written, in any format version.
  private static func requireIntact(
    _ bytes: UnsafeRawBufferPointer, actualLength: Int, path: String
  ) throws(StoreError) {
    let start = bytes.prefix(magic.count)
    let isOurs = start.elementsEqual(magic.prefix(start.count))
    let place = StoreError.Location(path: path, section: "header", offset: 0)
    guard bytes.count >= size else {
      guard isOurs else { throw foreign(place) }
      throw StoreError(
        .truncatedFile,
        "The segment is truncated: it has \(actualLength) bytes, less than a header",
        at: place, remedy: Self.remedy)
    }
    var checksum = Checksum()
    magic.withUnsafeBytes { checksum.update($0) }
    checksum.update(UnsafeRawBufferPointer(rebasing: bytes[magic.count..<checksumOffset]))
    let stored = bytes.loadUnaligned(fromByteOffset: checksumOffset, as: UInt32.self)
    let isIntact = UInt32(littleEndian: stored) == checksum.value
    if isOurs, isIntact { return }
    // A header that is right but for its magic is a damaged one of ours; so is one of zeros, which
    // a file system may leave where a file was never written out.
    if isOurs || isIntact || bytes.prefix(size).allSatisfy({ $0 == 0 }) {
      throw StoreError(
        .corruption, "The segment's header is damaged", at: place,
        cause: isOurs ? "checksum mismatch" : "wrong first bytes", remedy: Self.remedy)
    }
    throw foreign(place)
  }

  private static func foreign(_ place: StoreError.Location) -> StoreError {
    StoreError(
      .foreignFile, "The file is not a Seamstone segment", at: place,
      cause: "wrong first bytes", remedy: "Move the file out of the store")
  }

  static let remedy = "Delete the segment: it is rebuilt from the originals"
}
