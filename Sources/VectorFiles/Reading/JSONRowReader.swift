import JSONText
internal import ObjectStorage

/// Reads one JSON object from each line: `id`, `vector` and `properties` have a meaning, any other
/// name is a property itself. Empty lines are skipped and do not count as rows.
final class JSONRowReader: RowSource {
  private let file: InputFile
  private let lines: LineReader
  private(set) var dimensions: Int?
  private let holdsBytes: Bool
  private(set) var nextRow = 0
  /// Where the dimensions come from, for the message about a row that differs.
  private var dimensionsAreExpected: Bool

  init(
    file: InputFile, format: VectorFileFormat, options: VectorFileOptions
  ) throws(VectorFileError) {
    self.file = file
    dimensions = options.expectedDimensions
    holdsBytes = options.holdsBytes
    dimensionsAreExpected = options.expectedDimensions != nil
    let start = try file.readBytes(2)
    // What decides is the content: files lose or gain the ending .gz when they are copied about.
    let isGzip = start == [0x1F, 0x8B]
    let plain = PrefixedSource(prefix: start, rest: file)
    let source: any ByteSource
    if isGzip {
      source = try GzipSource(plain, file: file.path)
    } else if format == .jsonlGzip {
      throw VectorFileError(
        file: file.path, reason: "the file is not compressed by gzip",
        remedy: "If it is plain text, let its name end in .jsonl")
    } else {
      source = plain
    }
    lines = LineReader(
      source, file: file.path, maximumLineLength: max(64, options.maximumLineLength))
  }

  var fileBytesRead: Int { lines.fileBytesRead }

  func seek(toRow row: Int) throws(VectorFileError) {
    while nextRow < row, try nextLine() != nil { nextRow += 1 }
  }

  func read(
    into batch: inout VectorBatch, maximumRows: Int, _ maximumBytes: Int
  ) throws(VectorFileError) {
    var bytes = 0
    while batch.rowCount < maximumRows, bytes < maximumBytes {
      let line: UnsafeRawBufferPointer
      do {
        guard let next = try nextLine() else { return }
        line = next
      } catch {
        var error = error
        error.row = error.row ?? nextRow
        throw error
      }
      bytes += line.count
      let kept = batch.vectors.count
      do {
        let record = try readRow(line, &batch.vectors)
        batch.records.append(record)
      } catch {
        batch.vectors.removeLast(batch.vectors.count - kept)
        throw error
      }
      batch.rowCount += 1
      nextRow += 1
    }
  }

  /// The next line that is not empty.
  private func nextLine() throws(VectorFileError) -> UnsafeRawBufferPointer? {
    while var line = try lines.next() {
      if lines.lineNumber == 1 { line = try withoutMark(line) }
      if !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { return line }
    }
    return nil
  }

  /// The first line without the byte order mark of UTF-8; that of UTF-16 is an error.
  private func withoutMark(
    _ line: UnsafeRawBufferPointer
  ) throws(VectorFileError) -> UnsafeRawBufferPointer {
    if line.starts(with: [0xFF, 0xFE]) || line.starts(with: [0xFE, 0xFF]) {
      throw VectorFileError(
        file: file.path, line: 1, reason: "the text is UTF-16", remedy: "Convert it to UTF-8")
    }
    guard line.starts(with: [0xEF, 0xBB, 0xBF]) else { return line }
    return UnsafeRawBufferPointer(rebasing: line.dropFirst(3))
  }

  private func readRow(
    _ line: UnsafeRawBufferPointer, _ vectors: inout [Float]
  ) throws(VectorFileError) -> VectorBatch.Record {
    var row = JSONRow(start: vectors.count, holdsBytes: holdsBytes)
    do {
      try row.read(line, into: &vectors)
    } catch {
      throw VectorFileError(
        file: file.path, row: nextRow, line: lines.lineNumber, column: row.badComponent,
        reason: row.badComponent == nil ? "not the JSON expected: \(error)" : error.reason,
        remedy: row.remedy)
    }
    var index: Int?
    if row.hasVector {
      let count = vectors.count - row.start
      if dimensions == nil, (1...VectorFileReader.maximumDimensions).contains(count) {
        dimensions = count
      }
      guard let dimensions, count == dimensions, count > 0 else {
        throw wrongDimensions(count)
      }
      index = row.start / dimensions
    }
    return VectorBatch.Record(
      id: row.id, properties: row.properties, vectorIndex: index, line: lines.lineNumber)
  }

  private func wrongDimensions(_ count: Int) -> VectorFileError {
    var reason = "the vector has \(count) dimensions"
    if let dimensions {
      reason +=
        dimensionsAreExpected
        ? ", but \(dimensions) are expected" : ", the rows before it \(dimensions)"
    }
    let range = 1...VectorFileReader.maximumDimensions
    let remedy = dimensions.map { expected in
      dimensionsAreExpected
        ? VectorFileError.wrongDimensionsRemedy(expected)
        : "Give all rows vectors of one length; leave \"vector\" out where there is none"
    }
    return VectorFileError(
      dimensionsAreExpected ? .dimensions : .data, file: file.path, row: nextRow,
      line: lines.lineNumber, reason: reason,
      remedy: remedy ?? "A vector has \(range.lowerBound) to \(range.upperBound) components")
  }
}
