import StorageIO

/// The stored form of properties.
///
/// One byte says the type; whole numbers are zigzag varints, doubles eight little-endian bytes,
/// texts, lists and objects start with a varint count. The names of an object are in ascending order
/// of their UTF-8 bytes, so equal properties have equal bytes. `FileFormat.md` has the table.
package enum PropertyCodec {
  /// The most bytes the encoded properties of one object may take.
  package static let maximumByteCount = 64 << 20

  /// Encodes properties; refuses what is nested too deep or too large.
  package static func encode(_ properties: [String: PropertyValue]) throws(StoreError) -> [UInt8] {
    var bytes: [UInt8] = []
    try appendMembers(properties, to: &bytes, depth: 1)
    return bytes
  }

  /// Decodes properties; nil if these bytes were not written by `encode`.
  package static func decode(_ bytes: UnsafeRawBufferPointer) -> [String: PropertyValue]? {
    var reader = PropertyReader(bytes: bytes)
    guard let members = reader.members(depth: 1), reader.isAtEnd else { return nil }
    return members
  }

  static func appendVarint(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private static func appendText(_ text: String, to bytes: inout [UInt8]) {
    appendVarint(UInt64(text.utf8.count), to: &bytes)
    bytes.append(contentsOf: text.utf8)
  }

  private static func appendMembers(
    _ members: [String: PropertyValue], to bytes: inout [UInt8], depth: Int
  ) throws(StoreError) {
    try checkLimits(bytes, depth)
    appendVarint(UInt64(members.count), to: &bytes)
    let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for (name, value) in sorted {
      appendText(name, to: &bytes)
      try append(value, to: &bytes, depth: depth)
    }
  }

  private static func append(
    _ value: PropertyValue, to bytes: inout [UInt8], depth: Int
  ) throws(StoreError) {
    switch value {
    case .null: bytes.append(PropertyTag.null)
    case .bool(let flag): bytes.append(flag ? PropertyTag.yes : PropertyTag.no)
    case .int(let number):
      bytes.append(PropertyTag.int)
      appendVarint(UInt64(bitPattern: (number << 1) ^ (number >> 63)), to: &bytes)
    case .double(let number):
      bytes.append(PropertyTag.double)
      withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    case .string(let text):
      bytes.append(PropertyTag.string)
      appendText(text, to: &bytes)
    case .array(let values):
      bytes.append(PropertyTag.array)
      try checkLimits(bytes, depth + 1)
      appendVarint(UInt64(values.count), to: &bytes)
      for element in values { try append(element, to: &bytes, depth: depth + 1) }
    case .object(let members):
      bytes.append(PropertyTag.object)
      try appendMembers(members, to: &bytes, depth: depth + 1)
    }
    try checkLimits(bytes, depth)
  }

  private static func checkLimits(_ bytes: [UInt8], _ depth: Int) throws(StoreError) {
    if depth > PropertyValue.maximumDepth {
      throw StoreError(
        .invalidArgument, "Properties are nested deeper than \(PropertyValue.maximumDepth) levels")
    }
    if bytes.count > maximumByteCount {
      throw StoreError(
        .invalidArgument, "The properties of one object take more than \(maximumByteCount) bytes")
    }
  }
}

/// The type bytes of stored property values.
enum PropertyTag {
  static let null: UInt8 = 0
  static let no: UInt8 = 1
  static let yes: UInt8 = 2
  static let int: UInt8 = 3
  static let double: UInt8 = 4
  static let string: UInt8 = 5
  static let array: UInt8 = 6
  static let object: UInt8 = 7
}
