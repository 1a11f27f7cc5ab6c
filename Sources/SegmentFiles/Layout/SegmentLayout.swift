import StorageIO

/// The parts of a segment file that say where the others are: header, footer and section table,
/// read and checked against each other and against the length of the file.
struct SegmentLayout: Sendable {
  let header: SegmentHeader
  let number: UInt64
  let length: Int
  let tableOffset: Int
  let wholeChecksum: UInt32
  let table: SectionTable

  /// Bytes under one block checksum.
  static let blockSize = 64 << 10
  /// Where large sections start, so that huge pages can map them.
  static let largeAlignment = 2 << 20
  /// From this length a section is large.
  static let largeLength = 1 << 20
  static let maximumAlignment = largeAlignment
  /// Table and footer start on multiples of this.
  static let smallAlignment = 64

  /// The next multiple of `alignment`, a power of two.
  static func align(_ offset: Int, to alignment: Int) -> Int {
    (offset + alignment - 1) / alignment * alignment
  }

  /// Where the footer of a file with such a table starts.
  static func footerOffset(tableOffset: Int, tableLength: Int) -> Int {
    align(tableOffset + tableLength, to: smallAlignment)
  }

  /// Reads the layout of a file of `length` bytes. `fetch(offset, count)` returns bytes of it and is
  /// only asked for ranges inside of it.
  static func read(
    path: String, length: Int, number: UInt64?, expecting expected: SegmentExpectation?,
    fetch: (Int, Int) throws(StoreError) -> [UInt8]
  ) throws(StoreError) -> SegmentLayout {
    let start = try fetch(0, min(length, SegmentHeader.size))
    let (header, geometry) = try start.withRawBytes { raw throws(StoreError) in
      try SegmentHeader.decode(raw, actualLength: length, path: path)
    }
    try requireLength(length, geometry.fileLength, path: path)
    if let number, number != geometry.number {
      throw StoreError(
        .corruption, "The file holds segment \(geometry.number), its name says \(number)",
        at: .init(path: path), remedy: SegmentHeader.remedy)
    }
    if let expected { try expected.require(header.identifier, length, path: path) }
    let footerOffset = length - SegmentFooter.size
    let end = try fetch(footerOffset, SegmentFooter.size)
    let footer = try end.withRawBytes { raw throws(StoreError) in
      try SegmentFooter.decode(raw, offset: footerOffset, path: path)
    }
    let (tableOffset, tableLength) = try requireAgreement(
      header, geometry, footer, footerOffset: footerOffset, path: path)
    let bytes = try fetch(tableOffset, tableLength)
    guard Checksum.of(bytes) == footer.tableChecksum else {
      throw StoreError(
        .corruption, "The segment's section table is damaged (checksum mismatch)",
        at: .init(path: path, section: "section table", offset: tableOffset),
        remedy: SegmentHeader.remedy)
    }
    let table = try bytes.withRawBytes { raw throws(StoreError) in
      try SectionTable.decode(
        raw, count: Int(geometry.sectionCount), offset: tableOffset, path: path)
    }
    return SegmentLayout(
      header: header, number: geometry.number, length: length, tableOffset: tableOffset,
      wholeChecksum: footer.wholeChecksum, table: table)
  }

  private static func requireLength(
    _ actual: Int, _ written: UInt64, path: String
  ) throws(StoreError) {
    let minimum = UInt64(SegmentHeader.size + SegmentFooter.size)
    guard written >= minimum, written <= UInt64(Int.max) else {
      throw StoreError(
        .corruption, "The segment's header gives an impossible length, \(written)",
        at: .init(path: path, section: "header"), remedy: SegmentHeader.remedy)
    }
    let place = StoreError.Location(path: path, offset: actual)
    if UInt64(actual) < written {
      throw StoreError(
        .truncatedFile, "The segment is truncated: it has \(actual) of \(written) bytes",
        at: place, remedy: SegmentHeader.remedy)
    }
    if UInt64(actual) > written {
      throw StoreError(
        .extendedFile, "The segment is too long: it has \(actual) bytes, not \(written)",
        at: place, remedy: SegmentHeader.remedy)
    }
  }

  /// Checks that header and footer name the same file and the same table, and that the table lies
  /// between them; returns its offset and length.
  private static func requireAgreement(
    _ header: SegmentHeader, _ geometry: SegmentGeometry, _ footer: SegmentFooter,
    footerOffset: Int, path: String
  ) throws(StoreError) -> (Int, Int) {
    let place = StoreError.Location(path: path, section: "footer", offset: footerOffset)
    guard footer.identifier == header.identifier, footer.tableOffset == geometry.tableOffset,
      footer.fileLength == geometry.fileLength
    else {
      throw StoreError(
        .corruption, "The segment's footer belongs to another file than its header", at: place,
        remedy: SegmentHeader.remedy)
    }
    guard let offset = Int(exactly: footer.tableOffset),
      let length = Int(exactly: footer.tableLength), offset >= SegmentHeader.size,
      offset <= footerOffset, length <= footerOffset - offset, offset % smallAlignment == 0,
      Self.footerOffset(tableOffset: offset, tableLength: length) == footerOffset
    else {
      throw StoreError(
        .corruption, "The segment's section table is out of place", at: place,
        remedy: SegmentHeader.remedy)
    }
    return (offset, length)
  }
}
