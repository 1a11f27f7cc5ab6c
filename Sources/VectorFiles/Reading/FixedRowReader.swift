/// Reads rows that all take the same number of bytes.
final class FixedRowReader: RowSource {
  private let file: InputFile
  private let layout: FixedRowLayout
  private var buffer: UnsafeMutableRawBufferPointer
  private(set) var nextRow = 0

  init(file: InputFile, layout: FixedRowLayout) throws(VectorFileError) {
    self.file = file
    self.layout = layout
    buffer = .allocate(byteCount: 0, alignment: 16)
    try file.seek(to: layout.headerLength)
  }

  deinit { buffer.deallocate() }

  var dimensions: Int? { layout.dimensions }
  var fileBytesRead: Int { file.fileBytesRead }

  func seek(toRow row: Int) throws(VectorFileError) {
    nextRow = min(row, layout.rowCount)
    try file.seek(to: layout.headerLength + nextRow * layout.stride)
  }

  func read(
    into batch: inout VectorBatch, maximumRows: Int, _ maximumBytes: Int
  ) throws(VectorFileError) {
    let stride = layout.stride
    guard stride > 0 else { return }
    let count = min(
      layout.rowCount - nextRow, maximumRows, max(1, maximumBytes / stride))
    guard count > 0, let dimensions = layout.dimensions else { return }
    if buffer.count < count * stride {
      buffer.deallocate()
      buffer = .allocate(byteCount: count * stride, alignment: 16)
    }
    let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * stride)])
    let complete = try file.fill(wanted) / stride
    batch.vectors = [Float](repeating: 0, count: complete * dimensions)
    var failure: VectorFileError?
    batch.vectors.withUnsafeMutableBufferPointer { vectors in
      for row in 0..<complete {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[row * stride..<(row + 1) * stride])
        let output = UnsafeMutableBufferPointer(
          rebasing: vectors[row * dimensions..<(row + 1) * dimensions])
        failure = convert(bytes, into: output)
        if failure != nil { break }
        batch.rowCount += 1
        nextRow += 1
      }
    }
    batch.vectors.removeLast((complete - batch.rowCount) * dimensions)
    if let failure { throw failure }
    guard complete == count else {
      throw VectorFileError(
        file: file.path, row: nextRow, offset: layout.headerLength + nextRow * stride,
        reason: "the file became shorter while it was read")
    }
  }

  private func convert(
    _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>
  ) -> VectorFileError? {
    if layout.prefixLength == 4 {
      let dimensions = Int(Int32(littleEndian: bytes.loadUnaligned(as: Int32.self)))
      guard dimensions == output.count else {
        return VectorFileError(
          file: file.path, row: nextRow, offset: layout.headerLength + nextRow * layout.stride,
          reason: "the vector has \(dimensions) dimensions, the rows before it \(output.count)",
          remedy: "All rows must have the same length; the file may be damaged")
      }
    }
    let components = UnsafeRawBufferPointer(rebasing: bytes[layout.prefixLength...])
    guard let column = layout.element.convert(components, into: output) else { return nil }
    return VectorFileError(
      file: file.path, row: nextRow, column: column,
      offset: layout.headerLength + nextRow * layout.stride + layout.prefixLength
        + column * layout.element.size,
      reason: layout.element == .int32
        ? "a whole number beyond 2^24 that no 32-bit float equals"
        : "\(output[column]) is not a finite 32-bit number",
      remedy: "Replace or drop the row")
  }
}
