/// Writes vectors to .fvecs, .ivecs or .npy (float32), or rows of bytes to .bvecs or .npy (uint8), row by row.
///
/// The file appears under its name when ``finish()`` returns; a writer that is dropped before leaves
/// nothing behind.
package final class VectorFileWriter {
  /// Where NumPy's data start: the header is padded to a multiple of 64 bytes, and this leaves room
  /// for any number of rows.
  private static let npyHeaderLength = 128

  /// The length of each row.
  package let dimensions: Int
  /// How many rows were appended.
  package private(set) var rowCount = 0

  private let format: VectorFileFormat
  private let file: OutputFile

  /// Whether components are bytes.
  private let holdsBytes: Bool

  /// Creates a file in the format that the ending of `path` names.
  package init(
    path: String, dimensions: Int, holdsBytes: Bool = false
  ) throws(VectorFileError) {
    let format = try VectorFileFormat.of(path)
    guard (1...VectorFileReader.maximumDimensions).contains(dimensions) else {
      throw VectorFileError(file: path, reason: "vectors of \(dimensions) dimensions")
    }
    let known: [VectorFileFormat] = holdsBytes ? [.bvecs, .npy] : [.fvecs, .ivecs, .npy]
    guard known.contains(format) else {
      throw VectorFileError(
        file: path, reason: "vectors cannot be written as .\(format.rawValue) here",
        remedy: "Use \(known.map { ".\($0.rawValue)" }.joined(separator: ", ")) or .jsonl")
    }
    self.holdsBytes = holdsBytes
    self.format = format
    self.dimensions = dimensions
    file = try OutputFile(path: path)
    if format == .npy {
      guard file.isSeekable else {
        throw VectorFileError(
          .io, file: path, reason: ".npy cannot be written to a pipe or a device")
      }
      try file.append(npyHeader())
    }
  }

  /// Appends one row. In .ivecs the components must be whole numbers.
  package func append(_ vector: some Collection<Float>) throws(VectorFileError) {
    try check(vector.count)
    guard !holdsBytes else {
      throw VectorFileError(file: file.path, reason: "numbers in a file of bytes")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * dimensions + 4)
    if format != .npy { appendWord(UInt32(dimensions), to: &bytes) }
    for (column, component) in vector.enumerated() {
      if format == .ivecs {
        guard let whole = Int32(exactly: component) else {
          throw VectorFileError(
            file: file.path, row: rowCount, column: column,
            reason: "\(component) is not a whole number of 32 bits", remedy: "Use .fvecs or .npy")
        }
        appendWord(UInt32(bitPattern: whole), to: &bytes)
      } else {
        appendWord(component.bitPattern, to: &bytes)
      }
    }
    try file.append(bytes)
    rowCount += 1
  }

  /// Appends one row of bytes to a file that holds them.
  package func append(bytes row: [UInt8]) throws(VectorFileError) {
    try check(row.count)
    guard holdsBytes else {
      throw VectorFileError(file: file.path, reason: "rows of bytes in a file of numbers")
    }
    var bytes: [UInt8] = []
    if format == .bvecs { appendWord(UInt32(dimensions), to: &bytes) }
    try file.append(bytes + row)
    rowCount += 1
  }

  /// Appends one row of whole numbers to an .ivecs file.
  package func append(integers row: some Collection<Int32>) throws(VectorFileError) {
    try check(row.count)
    guard format == .ivecs else {
      throw VectorFileError(file: file.path, reason: "whole numbers are written to .ivecs only")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * dimensions + 4)
    appendWord(UInt32(dimensions), to: &bytes)
    for number in row { appendWord(UInt32(bitPattern: number), to: &bytes) }
    try file.append(bytes)
    rowCount += 1
  }

  /// Completes the file.
  package func finish() throws(VectorFileError) {
    try file.finish(replacingHead: format == .npy ? npyHeader() : nil)
  }

  private func check(_ count: Int) throws(VectorFileError) {
    guard count == dimensions else {
      throw VectorFileError(
        file: file.path, row: rowCount,
        reason: "a row of \(count) components in a file of \(dimensions)")
    }
  }

  private func appendWord(_ word: UInt32, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// A NumPy header of version 1, always of the same length.
  private func npyHeader() -> [UInt8] {
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    let textLength = VectorFileWriter.npyHeaderLength - bytes.count - 2
    bytes += [UInt8(textLength & 0xFF), UInt8(textLength >> 8)]
    let shape = "(\(rowCount), \(dimensions))"
    bytes += Array(
      "{'descr': '\(holdsBytes ? "|u1" : "<f4")', 'fortran_order': False, 'shape': \(shape), }".utf8
    )
    let padding = VectorFileWriter.npyHeaderLength - bytes.count - 1
    bytes += [UInt8](repeating: 0x20, count: max(0, padding)) + [0x0A]
    return bytes
  }
}
