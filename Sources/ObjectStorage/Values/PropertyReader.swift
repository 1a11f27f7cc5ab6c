/// Reads stored properties; every read is bounded, and nil means that the bytes are malformed.
struct PropertyReader {
  let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { offset == bytes.count }
  var remaining: Int { bytes.count - offset }

  mutating func byte() -> UInt8? {
    guard offset < bytes.count else { return nil }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, count <= remaining else { return nil }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  /// A varint of at most ten bytes in its shortest form.
  mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let next = byte() else { return nil }
      if shift == 63, next > 1 { return nil }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return next == 0 && shift > 0 ? nil : value }
    }
    return nil
  }

  /// A count of things that take at least one byte each, so that no count can ask for more memory
  /// than the record justifies.
  mutating func count() -> Int? {
    guard let value = varint(), value <= UInt64(remaining) else { return nil }
    return Int(value)
  }

  mutating func text() -> String? {
    guard let length = count(), let utf8 = take(length) else { return nil }
    return String(validating: utf8, as: UTF8.self)
  }

  mutating func members(depth: Int) -> [String: PropertyValue]? {
    guard depth <= PropertyValue.maximumDepth, let count = count() else { return nil }
    var members: [String: PropertyValue] = [:]
    members.reserveCapacity(min(count, 1 << 12))
    var previous: String?
    for _ in 0..<count {
      guard let name = text(), let value = value(depth: depth) else { return nil }
      if let previous, !previous.utf8.lexicographicallyPrecedes(name.utf8) { return nil }
      members[name] = value
      previous = name
    }
    return members
  }

  private mutating func value(depth: Int) -> PropertyValue? {
    switch byte() {
    case PropertyTag.null: return .null
    case PropertyTag.no: return .bool(false)
    case PropertyTag.yes: return .bool(true)
    case PropertyTag.int:
      return varint().map { .int(Int64(bitPattern: ($0 >> 1) ^ (0 &- ($0 & 1)))) }
    case PropertyTag.double:
      return take(8).map {
        .double(Double(bitPattern: UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))))
      }
    case PropertyTag.string: return text().map { .string($0) }
    case PropertyTag.array: return list(depth: depth + 1)
    case PropertyTag.object: return members(depth: depth + 1).map { .object($0) }
    default: return nil
    }
  }

  private mutating func list(depth: Int) -> PropertyValue? {
    guard depth <= PropertyValue.maximumDepth, let count = count() else { return nil }
    var values: [PropertyValue] = []
    values.reserveCapacity(min(count, 1 << 12))
    for _ in 0..<count {
      guard let value = value(depth: depth) else { return nil }
      values.append(value)
    }
    return .array(values)
  }
}
