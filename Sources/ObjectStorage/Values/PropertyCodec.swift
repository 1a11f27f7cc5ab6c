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
    var writer = ByteWriter(capacity: 256)
    try write(properties, to: &writer, depth: 1)
    return writer.bytes
  }

  /// Decodes properties.
  ///
  /// - Throws: `corruption` if these bytes were not written by `encode`.
  package static func decode(
    _ bytes: UnsafeRawBufferPointer
  ) throws(StoreError) -> [String: PropertyValue] {
    var reader = ByteReader(bytes)
    let members = try readMembers(&reader, depth: 1)
    try reader.expectEnd()
    return members
  }

  private static func write(
    _ members: [String: PropertyValue], to writer: inout ByteWriter, depth: Int
  ) throws(StoreError) {
    try checkLimits(writer, depth)
    writer.writeVarint(UInt64(members.count))
    let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for (name, value) in sorted {
      writer.writeString(name)
      try write(value, to: &writer, depth: depth)
    }
  }

  private static func write(
    _ value: PropertyValue, to writer: inout ByteWriter, depth: Int
  ) throws(StoreError) {
    switch value {
    case .null: writer.write(PropertyTag.null)
    case .bool(let flag): writer.write(flag ? PropertyTag.yes : PropertyTag.no)
    case .int(let number):
      writer.write(PropertyTag.int)
      writer.writeVarint(UInt64(bitPattern: (number << 1) ^ (number >> 63)))
    case .double(let number):
      writer.write(PropertyTag.double)
      writer.write(number)
    case .string(let text):
      writer.write(PropertyTag.string)
      writer.writeString(text)
    case .array(let values):
      writer.write(PropertyTag.array)
      try checkLimits(writer, depth + 1)
      writer.writeVarint(UInt64(values.count))
      for element in values { try write(element, to: &writer, depth: depth + 1) }
    case .object(let members):
      writer.write(PropertyTag.object)
      try write(members, to: &writer, depth: depth + 1)
    }
    try checkLimits(writer, depth)
  }

  private static func checkLimits(_ writer: ByteWriter, _ depth: Int) throws(StoreError) {
    if depth > PropertyValue.maximumDepth {
      throw StoreError(
        .invalidArgument, "Properties are nested deeper than \(PropertyValue.maximumDepth) levels",
        remedy: "Store flatter properties, or a text that holds them")
    }
    if writer.count > maximumByteCount {
      throw StoreError(
        .invalidArgument, "The properties of one object take more than \(maximumByteCount) bytes",
        remedy: "Keep large contents outside the store")
    }
  }

  private static func readMembers(
    _ reader: inout ByteReader, depth: Int
  ) throws(StoreError) -> [String: PropertyValue] {
    let count = try readCount(&reader, depth)
    var members: [String: PropertyValue] = [:]
    members.reserveCapacity(min(count, 1 << 12))
    var previous: String?
    for _ in 0..<count {
      let name = try reader.readString()
      if let previous, !previous.utf8.lexicographicallyPrecedes(name.utf8) {
        throw reader.corruption("Property names are not in order")
      }
      members[name] = try readValue(&reader, depth: depth)
      previous = name
    }
    return members
  }

  private static func readList(
    _ reader: inout ByteReader, depth: Int
  ) throws(StoreError) -> [PropertyValue] {
    let count = try readCount(&reader, depth)
    var values: [PropertyValue] = []
    values.reserveCapacity(min(count, 1 << 12))
    for _ in 0..<count { values.append(try readValue(&reader, depth: depth)) }
    return values
  }

  /// A count of things that take at least a byte each, so that no count can ask for more memory
  /// than the record justifies.
  private static func readCount(
    _ reader: inout ByteReader, _ depth: Int
  ) throws(StoreError) -> Int {
    if depth > PropertyValue.maximumDepth { throw reader.corruption("Properties nest too deep") }
    return try reader.readCount(limit: reader.remaining)
  }

  private static func readValue(
    _ reader: inout ByteReader, depth: Int
  ) throws(StoreError) -> PropertyValue {
    switch try reader.readUInt8() {
    case PropertyTag.null: return .null
    case PropertyTag.no: return .bool(false)
    case PropertyTag.yes: return .bool(true)
    case PropertyTag.int:
      let zigzag = try reader.readVarint()
      return .int(Int64(bitPattern: (zigzag >> 1) ^ (0 &- (zigzag & 1))))
    case PropertyTag.double: return .double(try reader.readDouble())
    case PropertyTag.string: return .string(try reader.readString())
    case PropertyTag.array: return .array(try readList(&reader, depth: depth + 1))
    case PropertyTag.object: return .object(try readMembers(&reader, depth: depth + 1))
    case let tag: throw reader.corruption("A property has the unknown type \(tag)")
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
