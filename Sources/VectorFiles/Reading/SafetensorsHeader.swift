import JSONText
internal import ObjectStorage

/// The header of a safetensors file: eight bytes of length, then JSON that names each array with its
/// type, shape and place in what follows.
struct SafetensorsHeader {
  /// The longest header that is read: enough for some 100,000 arrays. The format allows 100 MB, which take more than a
  /// gigabyte of memory once they are read.
  private static let maximumLength = 16 << 20

  /// One array of rows.
  struct Array {
    var element: ElementType
    var rows: Int
    var columns: Int
    /// The offset of the first row in the file.
    var offset: Int
  }

  private let file: InputFile
  /// The arrays as the header describes them.
  private let members: [String: PropertyValue]
  /// Where the data begin, and how many bytes there are.
  private let dataOffset: Int
  private let dataLength: Int

  /// Reads a header.
  init(file: InputFile, length: Int) throws(VectorFileError) {
    self.file = file
    let start = try file.readBytes(8)
    var textLength: UInt64 = 0
    for byte in start.reversed() { textLength = textLength << 8 | UInt64(byte) }
    guard start.count == 8, textLength <= UInt64(max(0, length - 8)) else {
      throw VectorFileError(
        file: file.path, offset: 0,
        reason: start.count == 8
          ? "a header of \(textLength) bytes in a file of \(length)"
          : "the file ends inside the length of its header",
        remedy: "Is this a safetensors file? If so it is truncated")
    }
    guard textLength <= UInt64(Self.maximumLength) else {
      throw VectorFileError(
        file: file.path, offset: 0,
        reason: "a header of \(textLength) bytes; at most \(Self.maximumLength) are read",
        remedy: "Save the array of vectors to a file of its own")
    }
    let text = try file.readBytes(Int(textLength))
    guard text.count == Int(textLength) else {
      throw VectorFileError(
        file: file.path, offset: 8, reason: "the file became shorter while it was read")
    }
    dataOffset = 8 + text.count
    dataLength = length - dataOffset
    let parsed = text.withUnsafeBytes { bytes in
      Result { () throws(JSONError) in try PropertyValue(json: bytes) }
    }
    switch parsed {
    case .success(.object(let members)): self.members = members
    case .success:
      throw VectorFileError(file: file.path, offset: 8, reason: "the header is not an object")
    case .failure(let error):
      throw VectorFileError(
        file: file.path, offset: 8 + error.offset,
        reason: "the header is not the JSON expected: \(error.reason)",
        remedy: "Is this a safetensors file? If so it is damaged")
    }
  }

  /// The array of this name.
  func array(_ name: String) throws(VectorFileError) -> Array {
    let what = "the array \"\(JSONScanner.excerpt(name))\""
    guard case .object(let array) = members[name] else {
      throw error("there is no array \"\(JSONScanner.excerpt(name))\"", remedy: present)
    }
    if case .object(let metadata) = members["__metadata__"],
      case .string(let type) = metadata["quant_type"]
    {
      throw error(
        "\(what) holds codes (\(JSONScanner.excerpt(type))), not vectors",
        remedy: "Import the original vectors, or save the index without quantisation")
    }
    let element = try element(array["dtype"], what)
    guard let shape = numbers(array["shape"]), shape.count == 1 || shape.count == 2,
      let columns = shape.last
    else {
      throw error("\(what) has no rows and columns", remedy: "Save array.reshape(rows, dimensions)")
    }
    guard (1...VectorFileReader.maximumDimensions).contains(columns) else {
      throw error("\(what) has vectors of \(columns) dimensions")
    }
    guard let place = numbers(array["data_offsets"]), place.count == 2, place[0] <= place[1],
      place[1] <= dataLength
    else {
      throw error(
        "\(what) does not lie in the \(dataLength) bytes of data", remedy: "The file is truncated")
    }
    let rows = shape.count == 1 ? 1 : shape[0]
    let length = place[1] - place[0]
    let stride = columns * element.size
    guard length % stride == 0, length / stride == rows else {
      throw error("\(what) has \(length) bytes for \(rows) rows of \(stride)")
    }
    return Array(element: element, rows: rows, columns: columns, offset: dataOffset + place[0])
  }

  private var present: String {
    let names = members.keys.filter { $0 != "__metadata__" }.sorted()
    if names.isEmpty { return "The file has no arrays" }
    let some = names.prefix(10).map { JSONScanner.excerpt($0) }.joined(separator: ", ")
    return "The file has: \(some)\(names.count > 10 ? ", …" : "")"
  }

  private func element(
    _ value: PropertyValue?, _ what: String
  ) throws(VectorFileError) -> ElementType {
    guard case .string(let name) = value else { throw error("\(what) has no type") }
    switch name {
    case "F64": return .float64
    case "F32": return .float32
    case "F16": return .float16
    case "BF16": return .bfloat16
    case "I32": return .int32
    case "I8": return .int8
    case "U8": return .uint8
    default:
      throw error(
        "\(what) has elements of type \(JSONScanner.excerpt(name)), which are not read",
        remedy: "Save it as F32; F64, F16, BF16, I32, I8 and U8 are read, too")
    }
  }

  /// Whole numbers from 0; nil if it is anything else.
  private func numbers(_ value: PropertyValue?) -> [Int]? {
    guard case .array(let values) = value else { return nil }
    var numbers: [Int] = []
    for value in values {
      guard case .int(let number) = value, number >= 0 else { return nil }
      numbers.append(Int(number))
    }
    return numbers
  }

  private func error(_ reason: String, remedy: String? = nil) -> VectorFileError {
    VectorFileError(file: file.path, offset: 8, reason: reason, remedy: remedy)
  }
}
