import StorageIO

/// Writes one segment file: under a temporary name, synced, and renamed only when it is complete.
///
/// Sections are written one after another in any pieces. `header` may be changed until `finish`,
/// because the number of rows is often known only then. After an error the writer only throws, and
/// `abandon` (called by deinit too) removes the temporary file. One thread at a time.
package final class SegmentWriter {
  /// The fields that `finish` writes.
  package var header: SegmentHeader
  /// The number in the file's name.
  package let number: UInt64
  private let fileSystem: any FileSystem
  private let directory: String
  private let temporaryPath: String
  private let file: any WritableFile
  private var phase = Phase.writing
  private var table = SectionTable()
  private var section: OpenSection?
  /// Bytes of the open section that are not in the file yet.
  private var staging: [UInt8] = []
  /// Where the next part of the file may start.
  private var end = SegmentHeader.size
  /// Checksum of everything from the end of the header to `end`.
  private var checksum = Checksum()

  private enum Phase { case writing, failed, finished, abandoned }

  private struct OpenSection {
    var kind: SectionKind
    var alignment: Int
    /// Where it starts; unknown until it is large or ended.
    var offset: Int?
    var length = 0
    var blocks = BlockChecksums()
  }

  /// Creates the temporary file of segment `number`. Throws `alreadyExists` if it, or the segment
  /// itself, is there.
  package init(
    fileSystem: any FileSystem, directory: String, number: UInt64, header: SegmentHeader
  ) throws(StoreError) {
    self.fileSystem = fileSystem
    self.directory = directory
    self.number = number
    self.header = header
    temporaryPath = SegmentFileName.temporary(number).path(in: directory)
    let path = SegmentFileName.segment(number).path(in: directory)
    guard try !fileSystem.exists(path) else {
      throw StoreError(.alreadyExists, "The segment exists already", at: .init(path: path))
    }
    file = try fileSystem.createFile(temporaryPath)
  }

  deinit { abandon() }

  /// Starts a section. Its offset becomes a multiple of `alignment`, a power of two up to 2 MiB;
  /// a section of 1 MiB or more starts at a multiple of 2 MiB.
  package func beginSection(_ kind: SectionKind, alignment: Int = 64) throws(StoreError) {
    try requireWriting(inSection: false)
    guard alignment.nonzeroBitCount == 1, (1...SegmentLayout.maximumAlignment).contains(alignment)
    else {
      throw StoreError(.internalError, "\(alignment) is no alignment for a section", at: place)
    }
    guard table.index(of: kind) == nil, table.entries.count < SectionTable.maximumCount else {
      throw StoreError(.internalError, "The segment has section \(kind) already", at: place)
    }
    section = OpenSection(kind: kind, alignment: alignment)
  }

  /// Adds bytes to the open section.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    try requireWriting(inSection: true)
    guard !bytes.isEmpty else { return }
    section?.blocks.update(bytes)
    section?.length += bytes.count
    if staging.count + bytes.count < SegmentLayout.largeLength {
      staging.append(contentsOf: bytes)
      return
    }
    try guarded { () throws(StoreError) in
      try flushStaging(alignment: SegmentLayout.largeAlignment)
      if bytes.count >= SegmentLayout.largeLength {
        try writeOut(bytes)
      } else {
        staging.append(contentsOf: bytes)
      }
    }
  }

  /// Adds bytes to the open section.
  package func append(_ bytes: [UInt8]) throws(StoreError) {
    try bytes.withRawBytes { raw throws(StoreError) in try append(raw) }
  }

  /// Ends the open section.
  package func endSection() throws(StoreError) {
    try requireWriting(inSection: true)
    try guarded { () throws(StoreError) in
      try flushStaging(alignment: 1)
      guard let section, let offset = section.offset else { return }
      let (sum, blocks) = section.blocks.finish()
      checksum.append(sum, count: section.length)
      let entry = SectionEntry(
        kind: section.kind, alignment: section.alignment, offset: offset, length: section.length,
        checksum: sum.value)
      table.append(entry, blocks: blocks)
      self.section = nil
    }
  }

  /// Completes the file: table, footer and header are written, everything is synced, the file gets
  /// its name, and the name is made durable. If this throws, there is no segment.
  package func finish() throws(StoreError) -> SegmentFileSummary {
    try requireWriting(inSection: false)
    guard header.firstDocID <= header.lastDocID else {
      throw StoreError(.internalError, "The interval of DocIDs is empty", at: place)
    }
    return try guarded { () throws(StoreError) in
      let summary = try writeEnds()
      try file.sync()
      try file.close()
      try publish()
      phase = .finished
      return summary
    }
  }

  /// Gives up: closes and removes the temporary file. Does nothing after `finish`. A file that
  /// cannot be removed is left to recovery.
  package func abandon() {
    guard phase == .writing || phase == .failed else { return }
    phase = .abandoned
    staging = []
    try? file.close()
    try? fileSystem.remove(temporaryPath)
  }
}

extension SegmentWriter {
  private var place: StoreError.Location { .init(path: temporaryPath) }

  private func requireWriting(inSection: Bool) throws(StoreError) {
    switch phase {
    case .writing: break
    case .failed: throw StoreError(.closed, "Writing the segment failed before", at: place)
    case .finished, .abandoned:
      throw StoreError(.closed, "The segment is not being written any more", at: place)
    }
    if (section != nil) != inSection {
      throw StoreError(
        .internalError, inSection ? "No section is open" : "A section is still open", at: place)
    }
  }

  /// Runs a step that leaves the file in an unknown state when it throws.
  private func guarded<R>(_ body: () throws(StoreError) -> R) throws(StoreError) -> R {
    do throws(StoreError) {
      return try body()
    } catch {
      phase = .failed
      throw error
    }
  }

  /// Writes what is staged; the first time it also decides where the section starts.
  private func flushStaging(alignment: Int) throws(StoreError) {
    guard let section else { return }
    if section.offset == nil {
      let start = SegmentLayout.align(end, to: max(alignment, section.alignment))
      skip(to: start)
      self.section?.offset = start
    }
    try staging.withRawBytes { raw throws(StoreError) in try writeOut(raw) }
    staging.removeAll(keepingCapacity: true)
  }

  /// Writes at the end; the checksum follows when the section ends.
  private func writeOut(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    guard !bytes.isEmpty else { return }
    try file.write(bytes, at: end)
    end += bytes.count
  }

  /// Leaves a hole, which reads as zeros.
  private func skip(to offset: Int) {
    checksum.updateZeros(offset - end)
    end = offset
  }

  /// Writes table, footer and header, in this order.
  private func writeEnds() throws(StoreError) -> SegmentFileSummary {
    skip(to: SegmentLayout.align(end, to: SegmentLayout.smallAlignment))
    let tableOffset = end
    var tail = table.encoded()
    let (tableLength, tableChecksum) = (tail.count, Checksum.of(tail))
    let footerOffset = SegmentLayout.footerOffset(
      tableOffset: tableOffset, tableLength: tableLength)
    tail += repeatElement(0, count: footerOffset - tableOffset - tableLength)
    tail.withUnsafeBytes { checksum.update($0) }
    let length = footerOffset + SegmentFooter.size
    let geometry = SegmentGeometry(
      number: number, fileLength: UInt64(length), tableOffset: UInt64(tableOffset),
      sectionCount: UInt32(table.entries.count))
    let start = header.encoded(geometry)
    var whole = Checksum(value: Checksum.of(start))
    whole.append(checksum, count: footerOffset - SegmentHeader.size)
    let footer = SegmentFooter(
      tableOffset: UInt64(tableOffset), tableLength: UInt64(tableLength),
      fileLength: UInt64(length), identifier: header.identifier, tableChecksum: tableChecksum,
      wholeChecksum: whole.value)
    tail += footer.encoded()
    try tail.withRawBytes { raw throws(StoreError) in try file.write(raw, at: tableOffset) }
    try start.withRawBytes { raw throws(StoreError) in try file.write(raw, at: 0) }
    return SegmentFileSummary(
      number: number, header: header, length: length, wholeChecksum: whole.value)
  }

  /// Gives the file its name, durably; takes the name away again if that fails.
  private func publish() throws(StoreError) {
    let path = SegmentFileName.segment(number).path(in: directory)
    try fileSystem.rename(temporaryPath, to: path)
    do throws(StoreError) {
      try fileSystem.syncDirectory(directory.isEmpty ? "." : directory)
    } catch {
      try? fileSystem.remove(path)
      throw error
    }
  }
}
