/// Reads little-endian fields out of bytes that nobody vouches for.
///
/// No input traps, reads outside the bytes, or makes the reader allocate: a field that does not fit
/// throws `corruption` with the place. The bytes must outlive the reader.
package struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private let place: StoreError.Location?
  /// How many bytes were read.
  package private(set) var offset = 0

  /// How many bytes are left.
  package var remaining: Int { bytes.count - offset }

  /// Whether everything was read.
  package var isAtEnd: Bool { offset == bytes.count }

  /// Reads `bytes`; errors name `place`, its offset moved by what was read.
  package init(_ bytes: UnsafeRawBufferPointer, at place: StoreError.Location? = nil) {
    self.bytes = bytes
    self.place = place
  }

  /// The place of the next byte, for errors.
  package var location: StoreError.Location? {
    guard var place else { return nil }
    place.offset = (place.offset ?? 0) &+ offset
    return place
  }

  /// A `corruption` error at the next byte.
  package func corruption(_ message: String) -> StoreError {
    StoreError(.corruption, message, at: location)
  }

  /// Reads one byte.
  package mutating func readUInt8() throws(StoreError) -> UInt8 { try readFixed(UInt8.self) }

  /// Reads two bytes, lowest first.
  package mutating func readUInt16() throws(StoreError) -> UInt16 { try readFixed(UInt16.self) }

  /// Reads four bytes, lowest first.
  package mutating func readUInt32() throws(StoreError) -> UInt32 { try readFixed(UInt32.self) }

  /// Reads eight bytes, lowest first.
  package mutating func readUInt64() throws(StoreError) -> UInt64 { try readFixed(UInt64.self) }

  /// Reads eight bytes of two's complement, lowest first.
  package mutating func readInt64() throws(StoreError) -> Int64 {
    Int64(bitPattern: try readUInt64())
  }

  /// Reads four bytes of IEEE 754; any bit pattern is accepted.
  package mutating func readFloat() throws(StoreError) -> Float {
    Float(bitPattern: try readUInt32())
  }

  /// Reads eight bytes of IEEE 754; any bit pattern is accepted.
  package mutating func readDouble() throws(StoreError) -> Double {
    Double(bitPattern: try readUInt64())
  }

  /// Reads what `ByteWriter.writeVarint` wrote; other spellings of the same number are refused, so
  /// that equal values have equal bytes.
  package mutating func readVarint() throws(StoreError) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    var position = offset
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if shift == 63, byte > 1 { throw corruption("A number is larger than 64 bits") }
      result |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 {
        if byte == 0, shift > 0 { throw corruption("A number is padded with zeros") }
        offset = position
        return result
      }
      shift += 7
    }
    throw corruption("The data ends inside a number")
  }

  /// Reads a varint that must be a count of at most `limit`.
  package mutating func readCount(limit: Int) throws(StoreError) -> Int {
    let start = self
    guard let count = Int(exactly: try readVarint()), count <= limit else {
      throw start.corruption("A count is larger than \(limit)")
    }
    return count
  }

  /// The next `count` bytes, in place.
  package mutating func readBytes(_ count: Int) throws(StoreError) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else {
      throw corruption("The data ends early: \(count) bytes wanted, \(remaining) left")
    }
    let slice = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    offset += count
    return slice
  }

  /// Reads a varint length and then so many bytes, in place.
  package mutating func readLengthPrefixed() throws(StoreError) -> UnsafeRawBufferPointer {
    let start = self
    let length = try readVarint()
    guard let count = Int(exactly: length), count <= remaining else {
      throw start.corruption("The data ends early: \(length) bytes wanted, \(remaining) left")
    }
    return try readBytes(count)
  }

  /// Reads a varint length and then so much UTF-8.
  package mutating func readString() throws(StoreError) -> String {
    let start = self
    let raw = try readLengthPrefixed()
    guard let text = String(validating: raw, as: UTF8.self) else {
      throw start.corruption("A text is not valid UTF-8")
    }
    return text
  }

  /// Skips `count` bytes.
  package mutating func skip(_ count: Int) throws(StoreError) { _ = try readBytes(count) }

  /// Throws unless everything was read.
  package func expectEnd() throws(StoreError) {
    if !isAtEnd { throw corruption("\(remaining) bytes follow the end of the data") }
  }

  private mutating func readFixed<T: FixedWidthInteger>(_ type: T.Type) throws(StoreError) -> T {
    guard remaining >= MemoryLayout<T>.size else {
      throw corruption(
        "The data ends early: \(MemoryLayout<T>.size) bytes wanted, \(remaining) left")
    }
    let value = bytes.loadUnaligned(fromByteOffset: offset, as: type)
    offset += MemoryLayout<T>.size
    return T(littleEndian: value)
  }
}
