/// Where the rows of a binary file are: known, and checked against the file's length, before any
/// row is read.
struct FixedRowLayout {
  /// How a component is stored.
  var element: ElementType
  /// Components of each row; nil for a file without rows.
  var dimensions: Int?
  /// The number of rows.
  var rowCount: Int
  /// The offset of the first row.
  var headerLength = 0
  /// Bytes before the components of each row: the Int32 dimension, or nothing.
  var prefixLength = 0

  /// Bytes of a row.
  var stride: Int { prefixLength + (dimensions ?? 0) * element.size }
}

extension FixedRowLayout {
  /// Reads the header and checks the length of the file.
  init(
    file: InputFile, format: VectorFileFormat, options: VectorFileOptions
  ) throws(VectorFileError) {
    guard let length = file.length else {
      throw VectorFileError(
        file: file.path, reason: "\(format.rawValue) cannot be read from a pipe or a device",
        remedy: "Write it to a file first")
    }
    switch format {
    case .fvecs: try self.init(vecs: file, length: length, element: .float32)
    case .bvecs: try self.init(vecs: file, length: length, element: .uint8)
    case .ivecs: try self.init(vecs: file, length: length, element: .int32)
    case .safetensors:
      try self.init(safetensors: file, length: length, tensor: options.tensor)
    default: try self.init(npy: file, length: length)
    }
    if options.holdsBytes, element != .uint8 {
      throw .holdsNumbers("its components are \(element)", file: file.path)
    }
    if let dimensions, let expected = options.expectedDimensions, dimensions != expected {
      throw VectorFileError(
        .dimensions, file: file.path,
        reason: "the vectors have \(dimensions) dimensions, but \(expected) are expected",
        remedy: VectorFileError.wrongDimensionsRemedy(expected))
    }
  }

  /// The layout of .fvecs, .bvecs and .ivecs: that of their first row, which all must share.
  private init(vecs file: InputFile, length: Int, element: ElementType) throws(VectorFileError) {
    self.init(element: element, dimensions: nil, rowCount: 0, prefixLength: 4)
    if length == 0 { return }
    var prefix: Int32 = 0
    let count = try withUnsafeMutableBytes(of: &prefix) { bytes throws(VectorFileError) in
      try file.fill(bytes)
    }
    guard count == 4 else {
      throw VectorFileError(
        file: file.path, row: 0, offset: count,
        reason: "the file ends inside the dimension of its first row")
    }
    let dimensions = Int(Int32(littleEndian: prefix))
    guard (1...VectorFileReader.maximumDimensions).contains(dimensions) else {
      throw VectorFileError(
        file: file.path, row: 0, offset: 0, reason: "a vector of \(dimensions) dimensions",
        remedy: "Is the file in the format that its name says?")
    }
    self.dimensions = dimensions
    rowCount = length / stride
    let rest = length % stride
    guard rest == 0 else {
      throw VectorFileError(
        file: file.path, row: rowCount, offset: rowCount * stride,
        reason: "\(rest) bytes remain after \(rowCount) rows of \(dimensions) dimensions",
        remedy: "The file is truncated, or its rows differ in length, or its name is wrong")
    }
  }

  /// The layout of one array of a safetensors file.
  private init(
    safetensors file: InputFile, length: Int, tensor: String
  ) throws(VectorFileError) {
    let header = try SafetensorsHeader(file: file, length: length)
    let array = try header.array(tensor)
    self.init(
      element: array.element, dimensions: array.columns, rowCount: array.rows,
      headerLength: array.offset)
  }

  /// The layout of .npy.
  private init(npy file: InputFile, length: Int) throws(VectorFileError) {
    let header = try NPYHeader(file: file, length: length)
    self.init(
      element: header.element, dimensions: header.columns, rowCount: header.rows,
      headerLength: header.byteCount)
    // Both factors are at least 1 and at most 2^63; the division avoids overflow.
    let data = length - headerLength
    let fits = rowCount <= data / stride
    guard fits, rowCount * stride == data else {
      let text = "the header promises \(header.rows) rows of \(header.columns) components"
      throw VectorFileError(
        file: file.path, row: fits ? nil : data / stride,
        offset: headerLength + min(data / stride, rowCount) * stride,
        reason: "\(text) of \(element.size) bytes, but \(data) bytes follow it",
        remedy: fits ? "The file holds more than one array" : "The file is truncated")
    }
  }
}
