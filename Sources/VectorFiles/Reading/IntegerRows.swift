/// The rows of an .ivecs file as whole numbers: row numbers of true neighbours, for `bench`.
package struct IntegerRows: Sendable, Hashable {
  /// How many numbers each row has.
  package let width: Int
  /// How many rows there are.
  package let rowCount: Int
  /// All rows, one after another.
  package let values: [Int32]

  /// Reads a whole file.
  package init(path: String) throws(VectorFileError) {
    let format = try VectorFileFormat.of(path)
    guard format == .ivecs else {
      throw VectorFileError(
        file: path, reason: "row numbers are read from .ivecs, not from .\(format.rawValue)")
    }
    let file = try InputFile(path: path)
    let layout = try FixedRowLayout(file: file, format: .ivecs, options: .init())
    let width = layout.dimensions ?? 0
    try file.seek(to: 0)
    let bytes = try file.readBytes(layout.rowCount * layout.stride)
    guard bytes.count == layout.rowCount * layout.stride else {
      throw VectorFileError(file: path, reason: "the file became shorter while it was read")
    }
    var values: [Int32] = []
    values.reserveCapacity(layout.rowCount * width)
    let badRow: (row: Int, width: Int32)? = bytes.withUnsafeBytes { bytes in
      for row in 0..<layout.rowCount {
        let start = row * layout.stride
        let rowWidth = bytes.loadUnaligned(fromByteOffset: start, as: Int32.self)
        guard Int32(littleEndian: rowWidth) == width else { return (row, rowWidth) }
        for offset in stride(from: start + 4, to: start + layout.stride, by: 4) {
          let word = bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)
          values.append(Int32(littleEndian: word))
        }
      }
      return nil
    }
    if let badRow {
      throw VectorFileError(
        file: path, row: badRow.row,
        reason: "the row has \(badRow.width) numbers, the first one \(width)")
    }
    self.width = width
    rowCount = layout.rowCount
    self.values = values
  }

  /// A row; nil if there is no such row.
  package func row(_ index: Int) -> ArraySlice<Int32>? {
    guard index >= 0, index < rowCount else { return nil }
    return values[index * width..<(index + 1) * width]
  }
}
