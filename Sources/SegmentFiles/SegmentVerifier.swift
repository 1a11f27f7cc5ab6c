import StorageIO

/// Compares a segment file with its checksums, by ordinary reads: a damaged disk gives an error
/// here where a mapping would kill the process.
package struct SegmentVerifier: Sendable {
  private let isCancelled: @Sendable () -> Bool
  /// Bytes read at once; a multiple of the block size.
  private static let chunkSize = 16 * SegmentLayout.blockSize

  /// Creates a verifier that stops with `cancelled` soon after `isCancelled` returns true.
  package init(isCancelled: @escaping @Sendable () -> Bool = { false }) {
    self.isCancelled = isCancelled
  }

  /// Returns everything that is wrong with a file, nothing for a good one.
  ///
  /// Without `deep` only header, table and footer are read. Throws if the file cannot be read at
  /// all (`notFound`, `io`) or the work is cancelled. nil accepts any number.
  package func verify(
    fileSystem: any FileSystem, path: String, number: UInt64? = nil,
    expecting expected: SegmentExpectation? = nil, deep: Bool
  ) throws(StoreError) -> [SegmentFinding] {
    let file = try fileSystem.openFile(path)
    defer { file.close() }
    return try verify(file, number: number, expecting: expected, deep: deep)
  }

  /// As above, for an open file.
  package func verify(
    _ file: any ReadableFile, number: UInt64? = nil, expecting expected: SegmentExpectation? = nil,
    deep: Bool
  ) throws(StoreError) -> [SegmentFinding] {
    try checkCancelled()
    do throws(StoreError) {
      let layout = try SegmentLayout.read(
        path: file.path, length: file.length, number: number, expecting: expected
      ) { offset, count throws(StoreError) in try file.readBytes(count, at: offset) }
      return deep ? try verifyContents(file, layout) : []
    } catch {
      guard error.code.isDamage || [.formatTooNew, .formatTooOld].contains(error.code) else {
        throw error
      }
      let start = error.location?.offset
      return [
        SegmentFinding(
          code: error.code, message: error.message, section: nil,
          range: start.map { $0..<max($0, file.length) })
      ]
    }
  }

  private func checkCancelled() throws(StoreError) {
    if isCancelled() { throw StoreError(.cancelled, "Verifying was cancelled") }
  }

  /// Reads everything but the footer, once and in order.
  private func verifyContents(
    _ file: any ReadableFile, _ layout: SegmentLayout
  ) throws(StoreError) -> [SegmentFinding] {
    var findings: [SegmentFinding] = []
    var whole = Checksum(value: Checksum.of(try file.readBytes(SegmentHeader.size, at: 0)))
    var position = SegmentHeader.size
    for index in layout.table.entries.indices {
      let entry = layout.table.entries[index]
      try verifyPadding(file, position..<entry.offset, &whole, &findings)
      try verifySection(file, layout.table, index, &whole, &findings)
      position = entry.end
    }
    try verifyPadding(file, position..<layout.tableOffset, &whole, &findings)
    // The table's own checksum was compared when it was read.
    try stream(file, layout.tableOffset..<layout.length - SegmentFooter.size) { bytes, _ in
      whole.update(bytes)
    }
    if whole.value != layout.wholeChecksum, findings.isEmpty {
      findings.append(
        SegmentFinding(
          code: .corruption, message: "The file differs from its checksum", section: nil,
          range: 0..<layout.length))
    }
    return findings
  }

  private func verifySection(
    _ file: any ReadableFile, _ table: SectionTable, _ index: Int, _ whole: inout Checksum,
    _ findings: inout [SegmentFinding]
  ) throws(StoreError) {
    let entry = table.entries[index]
    var sum = Checksum()
    var damaged: Range<Int>?
    var isDamaged = false
    try stream(file, entry.offset..<entry.end) { bytes, offset in
      for start in stride(from: 0, to: bytes.count, by: SegmentLayout.blockSize) {
        let stop = min(bytes.count, start + SegmentLayout.blockSize)
        let block = Checksum(
          value: Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[start..<stop])))
        sum.append(block, count: stop - start)
        let range = offset + start - entry.offset..<offset + stop - entry.offset
        let number = table.firstBlocks[index] + range.lowerBound / SegmentLayout.blockSize
        if block.value != table.blockChecksums[number] {
          isDamaged = true
          damaged = (damaged?.lowerBound ?? range.lowerBound)..<range.upperBound
        } else if let found = damaged {
          findings.append(.damagedBlocks(entry, found))
          damaged = nil
        }
      }
    }
    if let damaged { findings.append(.damagedBlocks(entry, damaged)) }
    if !isDamaged, sum.value != entry.checksum { findings.append(.damagedSection(entry)) }
    whole.append(sum, count: entry.length)
  }

  private func verifyPadding(
    _ file: any ReadableFile, _ range: Range<Int>, _ whole: inout Checksum,
    _ findings: inout [SegmentFinding]
  ) throws(StoreError) {
    var sum = Checksum()
    try stream(file, range) { bytes, _ in sum.update(bytes) }
    var zeros = Checksum()
    zeros.updateZeros(range.count)
    if sum != zeros {
      findings.append(
        SegmentFinding(
          code: .corruption, message: "The space between two sections is not empty", section: nil,
          range: range))
    }
    whole.append(sum, count: range.count)
  }

  /// Reads a range in chunks; `body` gets the bytes and their offset in the file.
  private func stream(
    _ file: any ReadableFile, _ range: Range<Int>,
    _ body: (UnsafeRawBufferPointer, Int) throws(StoreError) -> Void
  ) throws(StoreError) {
    guard !range.isEmpty else { return }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(range.count, Self.chunkSize), alignment: 64)
    defer { buffer.deallocate() }
    var offset = range.lowerBound
    while offset < range.upperBound {
      try checkCancelled()
      let count = min(Self.chunkSize, range.upperBound - offset)
      let chunk = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
      try file.read(into: chunk, at: offset)
      try body(UnsafeRawBufferPointer(chunk), offset)
      offset += count
    }
  }
}
