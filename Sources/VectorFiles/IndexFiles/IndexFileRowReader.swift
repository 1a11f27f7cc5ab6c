/// Reads the vectors and ids of another tool's index, run by run, in bounded memory.
final class IndexFileRowReader: RowSource {
  private let file: InputFile
  private let layout: IndexFileRows
  private(set) var nextRow = 0
  /// The run and the row in it that are read next, absent rows counted.
  private var run = 0
  private var position = 0
  /// The rows of all runs before, absent ones counted.
  private var numberOfRun = 0
  private var rows: [UInt8] = []
  private var ids: [UInt8] = []

  init(file: InputFile, layout: IndexFileRows) {
    self.file = file
    self.layout = layout
  }

  var dimensions: Int? { layout.dimensions }
  var fileBytesRead: Int {
    guard run < layout.runs.count else { return file.length ?? 0 }
    return layout.runs[run].offset + position * layout.stride
  }

  func seek(toRow row: Int) throws(VectorFileError) {
    // Which rows are absent shows only when they are read.
    while nextRow < row {
      var batch = VectorBatch(
        firstRow: nextRow, rowCount: 0, dimensions: 0, vectors: [], records: [])
      try read(into: &batch, maximumRows: min(row - nextRow, 1_000), 8 << 20)
      if batch.rowCount == 0 { return }
    }
  }

  func read(
    into batch: inout VectorBatch, maximumRows: Int, _ maximumBytes: Int
  ) throws(VectorFileError) {
    var bytes = 0
    while run < layout.runs.count, batch.rowCount < maximumRows,
      bytes < maximumBytes || batch.rowCount == 0
    {
      let left = layout.runs[run].count - position
      if left == 0 {
        numberOfRun += position
        run += 1
        position = 0
        continue
      }
      // A limit that absent rows have used up still lets one row through.
      let room = max(1, (maximumBytes - bytes) / layout.stride)
      let count = min(left, maximumRows - batch.rowCount, room)
      try load(count)
      for row in 0..<count { try append(row, to: &batch) }
      bytes += count * layout.stride
    }
  }

  /// Reads the next rows of the run and their ids.
  private func load(_ count: Int) throws(VectorFileError) {
    let run = layout.runs[run]
    rows = try bytes(count * layout.stride, at: run.offset + position * layout.stride)
    switch layout.ids {
    case .listed, .mapped: ids = try bytes(count * 8, at: run.idOffset + position * 8)
    case .none, .numbers, .inRow: break
    }
  }

  private func bytes(_ count: Int, at offset: Int) throws(VectorFileError) -> [UInt8] {
    try file.seek(to: offset)
    let bytes = try file.readBytes(count)
    guard bytes.count == count else {
      throw VectorFileError(
        file: file.path, row: nextRow, offset: offset + bytes.count,
        reason: "the file became shorter while it was read")
    }
    return bytes
  }

  /// Appends a row of those at hand, if it is there.
  private func append(_ row: Int, to batch: inout VectorBatch) throws(VectorFileError) {
    let start = row * layout.stride
    guard try isPresent(start) else {
      position += 1
      return
    }
    let id = try id(row)
    let kept = batch.vectors.count
    batch.vectors.append(contentsOf: repeatElement(0, count: layout.dimensions))
    let vectorStart = start + layout.vectorOffset
    let bad = rows.withUnsafeBytes { rows in
      batch.vectors.withUnsafeMutableBufferPointer { vectors in
        convert(
          UnsafeRawBufferPointer(
            rebasing: rows[vectorStart..<vectorStart + layout.vectorLength]),
          into: UnsafeMutableBufferPointer(rebasing: vectors[kept...]))
      }
    }
    if let bad {
      let value = batch.vectors[kept + bad]
      batch.vectors.removeLast(layout.dimensions)
      throw VectorFileError(
        file: file.path, row: nextRow, column: bad, offset: offset(vectorStart) + 4 * bad,
        reason: "\(value) is not a finite 32-bit number",
        remedy: "Delete the vector where it comes from, and write the file anew")
    }
    if let id { batch.ids.append(id) }
    batch.rowCount += 1
    nextRow += 1
    position += 1
  }

  /// The place in the file of a byte of the rows at hand, `position` being that of row `nextRow`.
  private func offset(_ byte: Int) -> Int {
    layout.runs[run].offset + position * layout.stride + byte % layout.stride
  }

  private func convert(
    _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>
  ) -> Int? {
    switch layout.components {
    case .elements(let element): return element.convert(bytes, into: output)
    case .bits:
      for i in output.indices { output[i] = Float(bytes[i / 8] >> UInt8(i % 8) & 1) }
      return nil
    }
  }

  private func isPresent(_ start: Int) throws(VectorFileError) -> Bool {
    switch layout.presence {
    case .all: return true
    case .unlessMarked(let offset, let bit): return rows[start + offset] & bit == 0
    case .counted:
      let count = Int32(truncatingIfNeeded: word(rows, start, length: 4))
      guard count == 0 || count == 1 else {
        throw VectorFileError(
          file: file.path, row: nextRow, offset: offset(start),
          reason:
            "item \(position) has \(count) descendants; an item has 1, or 0 where there is none",
          remedy: "Are metric and dimensions those that the index was made with?")
      }
      return count == 1
    }
  }

  private func id(_ row: Int) throws(VectorFileError) -> Int64? {
    let listed = Int64(bitPattern: ids.isEmpty ? 0 : word(ids, row * 8, length: 8))
    switch layout.ids {
    case .none: return nil
    case .numbers: return Int64(numberOfRun + position)
    case .listed: return listed
    case .inRow(let place):
      let start = row * layout.stride + place
      let label = word(rows, start, length: 8)
      guard let id = Int64(exactly: label) else {
        throw VectorFileError(
          file: file.path, row: nextRow, offset: offset(start),
          reason: "the label \(label) is beyond 63 bits",
          remedy: "Give the element a smaller label, and write the file anew")
      }
      return id
    case .mapped(let table):
      guard let id = try table.id(at: listed) else {
        throw VectorFileError(
          file: file.path, row: nextRow, offset: layout.runs[run].idOffset + position * 8,
          reason: "position \(listed) in an id map of \(table.count)",
          remedy: "The file is damaged: copy it again, or write it anew")
      }
      return id
    }
  }

  private func word(_ bytes: [UInt8], _ start: Int, length: Int) -> UInt64 {
    var word: UInt64 = 0
    for byte in bytes[start..<start + length].reversed() { word = word << 8 | UInt64(byte) }
    return word
  }
}
