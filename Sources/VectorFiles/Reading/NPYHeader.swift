/// The header of a NumPy array file, format versions 1 to 3.
///
/// Six magic bytes, two of version, the length of the text that follows (two bytes in version 1, four
/// later), then a Python dictionary: `{'descr': '<f2', 'fortran_order': False, 'shape': (25000, 384), }`.
struct NPYHeader {
  /// The longest header text that is accepted; NumPy's own are about 120 bytes.
  private static let maximumTextLength = 64 << 10

  /// How a component is stored.
  let element: ElementType
  /// The number of rows.
  let rows: Int
  /// The number of components of each row.
  let columns: Int
  /// Bytes before the data.
  let byteCount: Int

  /// Reads and checks a header.
  init(file: InputFile, length: Int) throws(VectorFileError) {
    let start = try file.readBytes(10)
    guard start.count == 10, start.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw VectorFileError(file: file.path, offset: 0, reason: "this is not a NumPy array file")
    }
    var textLength = Int(start[8]) | Int(start[9]) << 8
    var offset = 10
    switch start[6] {
    case 1: break
    case 2, 3:
      let more = try file.readBytes(2)
      guard more.count == 2 else { throw NPYHeader.truncated(file) }
      textLength |= Int(more[0]) << 16 | Int(more[1]) << 24
      offset = 12
    default:
      throw VectorFileError(
        file: file.path, offset: 6, reason: "version \(start[6]) of the NumPy format is not known")
    }
    guard textLength <= length - offset else { throw NPYHeader.truncated(file) }
    guard textLength <= NPYHeader.maximumTextLength else {
      throw VectorFileError(
        file: file.path, offset: 8, reason: "a NumPy header of \(textLength) bytes")
    }
    let text = try file.readBytes(textLength)
    guard text.count == textLength else { throw NPYHeader.truncated(file) }
    byteCount = offset + textLength

    var parser = PythonLiteral(text)
    guard let entries = parser.dictionary() else {
      throw VectorFileError(
        file: file.path, offset: offset, reason: "the NumPy header is malformed")
    }
    do throws(VectorFileError) {
      element = try NPYHeader.element(entries["descr"], file)
      (rows, columns) = try NPYHeader.shape(entries["shape"], file)
      // The order matters only where there is more than one row and column.
      guard entries["fortran_order"] == .word("False") || rows <= 1 || columns == 1 else {
        throw VectorFileError(
          file: file.path, reason: "the array is stored by columns (Fortran order)",
          remedy: "Save numpy.ascontiguousarray(array)")
      }
    } catch {
      var error = error
      error.offset = offset
      throw error
    }
  }

  private static func truncated(_ file: InputFile) -> VectorFileError {
    VectorFileError(
      file: file.path, offset: file.length, reason: "the file ends inside its NumPy header",
      remedy: "The file is truncated")
  }

  private static func element(
    _ descriptor: PythonLiteral.Value?, _ file: InputFile
  ) throws(VectorFileError) -> ElementType {
    guard case .text(let name) = descriptor else {
      throw VectorFileError(
        file: file.path, reason: "the array's elements are not plain numbers",
        remedy: "Save array.astype(numpy.float32)")
    }
    switch name {
    case "|u1", "<u1", "u1": return .uint8
    case "|i1", "<i1", "i1": return .int8
    case "<f2": return .float16
    case "<f4": return .float32
    case "<f8": return .float64
    default:
      throw VectorFileError(
        file: file.path, reason: "elements of type '\(String(name.prefix(20)))' are not read",
        remedy:
          "Save array.astype(numpy.float32); float16/32/64 and (u)int8, little-endian, are read")
    }
  }

  private static func shape(
    _ shape: PythonLiteral.Value?, _ file: InputFile
  ) throws(VectorFileError) -> (Int, Int) {
    guard case .numbers(let sizes) = shape else {
      throw VectorFileError(file: file.path, reason: "the NumPy header has no shape")
    }
    guard sizes.count == 1 || sizes.count == 2, let columns = sizes.last else {
      throw VectorFileError(
        file: file.path, reason: "an array of \(sizes.count) axes, not of rows and columns",
        remedy: "Save array.reshape(rows, dimensions)")
    }
    guard (1...VectorFileReader.maximumDimensions).contains(columns) else {
      throw VectorFileError(file: file.path, reason: "vectors of \(columns) dimensions")
    }
    return (sizes.count == 1 ? 1 : sizes[0], columns)
  }
}
