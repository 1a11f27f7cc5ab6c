/// Reads little-endian numbers one after another, never past the end of the file; what is wrong is
/// reported with its byte.
final class HeaderReader {
  let file: InputFile
  let format: VectorFileFormat
  /// The length of the file.
  let length: Int
  /// The offset of the next byte.
  private(set) var position = 0

  init(file: InputFile, format: VectorFileFormat) throws(VectorFileError) {
    guard let length = file.length else {
      throw VectorFileError(
        file: file.path, reason: "\(format.rawValue) cannot be read from a pipe or a device",
        remedy: "Write it to a file first")
    }
    self.file = file
    self.format = format
    self.length = length
  }

  /// Bytes from the next one to the end.
  var remaining: Int { length - position }

  /// The next number.
  func integer<Number: FixedWidthInteger>(
    _ type: Number.Type, _ what: String
  ) throws(VectorFileError) -> Number {
    var number: Number = 0
    for byte in try bytes(MemoryLayout<Number>.size, what).reversed() {
      number = number << 8 | Number(truncatingIfNeeded: byte)
    }
    return number
  }

  /// The next number, which counts something and must be at least 0.
  func count(_ what: String) throws(VectorFileError) -> Int {
    let start = position
    let word = try integer(UInt64.self, what)
    guard let count = Int(exactly: word) else { throw malformed(at: start, "\(what) is \(word)") }
    return count
  }

  /// The next number, which says how many elements follow it; they must lie inside the file.
  func listCount(of elementSize: Int, _ what: String) throws(VectorFileError) -> Int {
    let start = position
    let count = try count("the length of \(what)")
    guard count <= remaining / elementSize else {
      throw VectorFileError(
        file: file.path, offset: start,
        reason: "\(what) should have \(count) elements of \(elementSize) bytes, but \(remaining) "
          + "bytes are left",
        remedy: "The file is truncated or damaged: copy it again, or write it anew")
    }
    return count
  }

  /// Passes over a list of elements of this size; returns how many there are.
  @discardableResult
  func skipList(of elementSize: Int, _ what: String) throws(VectorFileError) -> Int {
    let count = try listCount(of: elementSize, what)
    try skip(count * elementSize, what)
    return count
  }

  /// The next words.
  func words(_ count: Int, _ what: String) throws(VectorFileError) -> [Int64] {
    let bytes = try self.bytes(count * 8, what)
    return bytes.withUnsafeBytes { bytes in
      (0..<count).map {
        Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self))
      }
    }
  }

  /// The next bytes.
  func bytes(_ count: Int, _ what: String) throws(VectorFileError) -> [UInt8] {
    guard count <= remaining else { throw truncated(at: position, what) }
    try file.seek(to: position)
    let bytes = try file.readBytes(count)
    guard bytes.count == count else { throw truncated(at: position, what) }
    position += count
    return bytes
  }

  /// Passes over bytes that must be there.
  func skip(_ count: Int, _ what: String) throws(VectorFileError) {
    guard count <= remaining else { throw truncated(at: position, what) }
    position += count
  }

  /// The length of vectors, which must be one that is possible.
  func checkDimensions(_ count: Int, at offset: Int) throws(VectorFileError) {
    guard (1...VectorFileReader.maximumDimensions).contains(count) else {
      throw malformed(at: offset, "vectors of \(count) dimensions")
    }
  }

  /// Goes on at any byte of the file.
  func move(to offset: Int, _ what: String) throws(VectorFileError) {
    guard offset >= 0, offset <= length else { throw truncated(at: length, what) }
    position = offset
  }

  /// The error for what no file of the format has there.
  func malformed(at offset: Int, _ reason: String, remedy: String? = nil) -> VectorFileError {
    VectorFileError(
      file: file.path, offset: offset, reason: reason,
      remedy: remedy ?? "Is this a file of \(format.rawValue)? If so it is damaged")
  }

  private func truncated(at offset: Int, _ what: String) -> VectorFileError {
    VectorFileError(
      file: file.path, offset: offset, reason: "the file ends before the end of \(what)",
      remedy: "The file is truncated: copy it again, or write it anew")
  }
}
