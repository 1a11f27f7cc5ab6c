/// Collects little-endian fields; `ByteReader` reads them back.
package struct ByteWriter: Sendable {
  /// What was written.
  package private(set) var bytes: [UInt8]

  /// How many bytes were written.
  package var count: Int { bytes.count }

  /// Creates an empty writer with room for `capacity` bytes.
  package init(capacity: Int = 0) {
    bytes = []
    bytes.reserveCapacity(max(0, capacity))
  }

  /// Appends one byte.
  package mutating func write(_ value: UInt8) { bytes.append(value) }

  /// Appends an integer of fixed width, lowest byte first.
  package mutating func write(_ value: UInt16) { writeFixed(value.littleEndian) }

  /// Appends an integer of fixed width, lowest byte first.
  package mutating func write(_ value: UInt32) { writeFixed(value.littleEndian) }

  /// Appends an integer of fixed width, lowest byte first.
  package mutating func write(_ value: UInt64) { writeFixed(value.littleEndian) }

  /// Appends the two's complement of `value`, lowest byte first.
  package mutating func write(_ value: Int64) { write(UInt64(bitPattern: value)) }

  /// Appends the IEEE 754 bits of `value`.
  package mutating func write(_ value: Float) { write(value.bitPattern) }

  /// Appends the IEEE 754 bits of `value`.
  package mutating func write(_ value: Double) { write(value.bitPattern) }

  /// Appends `value` in groups of seven bits, lowest first (LEB128): 1 to 10 bytes.
  package mutating func writeVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Appends bytes as they are.
  package mutating func write(_ raw: UnsafeRawBufferPointer) { bytes.append(contentsOf: raw) }

  /// Appends bytes as they are.
  package mutating func write(_ raw: [UInt8]) { bytes.append(contentsOf: raw) }

  /// Appends a varint length and then the bytes.
  package mutating func writeLengthPrefixed(_ raw: UnsafeRawBufferPointer) {
    writeVarint(UInt64(raw.count))
    write(raw)
  }

  /// Appends a varint length and then the bytes.
  package mutating func writeLengthPrefixed(_ raw: [UInt8]) {
    raw.withUnsafeBytes { writeLengthPrefixed($0) }
  }

  /// Appends a varint length and then the UTF-8 bytes of `text`.
  package mutating func writeString(_ text: String) {
    var text = text
    text.withUTF8 { writeLengthPrefixed(UnsafeRawBufferPointer($0)) }
  }

  /// Appends `count` zero bytes; negative counts append none.
  package mutating func writeZeros(_ count: Int) {
    bytes.append(contentsOf: repeatElement(0, count: max(0, count)))
  }

  private mutating func writeFixed(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
  }
}
