/// The caller's key of an object, unique in its collection.
///
/// Three kinds exist, and ids of different kinds are never equal: `.int(42)` and `.string("42")` name
/// two objects. Strings are compared by their UTF-8 bytes, exactly as stored, not by canonical
/// equivalence.
public enum ObjectID: Sendable {
  /// A signed 64-bit number.
  case int(Int64)
  /// A UUID as its first and last eight bytes, big-endian.
  case uuid(high: UInt64, low: UInt64)
  /// Any text of 1 to 480 UTF-8 bytes.
  case string(String)
}

extension ObjectID {
  /// The most UTF-8 bytes a string id may have; LMDB keys end at 511 bytes.
  public static let maximumByteCount = 480

  /// Creates an id from the 16 bytes of a UUID, as Foundation's `UUID().uuid` gives them.
  public init(
    uuidBytes b: (
      UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8,
      UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
    )
  ) {
    let high = [b.0, b.1, b.2, b.3, b.4, b.5, b.6, b.7]
    let low = [b.8, b.9, b.10, b.11, b.12, b.13, b.14, b.15]
    self = .uuid(
      high: high.reduce(0) { $0 << 8 | UInt64($1) }, low: low.reduce(0) { $0 << 8 | UInt64($1) })
  }
}

extension ObjectID: Hashable {
  /// Equality of kind and bytes.
  public static func == (left: ObjectID, right: ObjectID) -> Bool {
    switch (left, right) {
    case (.int(let a), .int(let b)): a == b
    case (.uuid(let high, let low), .uuid(let otherHigh, let otherLow)):
      high == otherHigh && low == otherLow
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    default: false
    }
  }

  /// Hashes kind and bytes.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .int(let number):
      hasher.combine(1 as UInt8)
      hasher.combine(number)
    case .uuid(let high, let low):
      hasher.combine(2 as UInt8)
      hasher.combine(high)
      hasher.combine(low)
    case .string(var text):
      hasher.combine(3 as UInt8)
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }
}

extension ObjectID: Comparable {
  /// The order in which ids are stored: numbers, then UUIDs, then strings by their bytes.
  public static func < (left: ObjectID, right: ObjectID) -> Bool {
    switch (left, right) {
    case (.int(let a), .int(let b)): a < b
    case (.uuid(let high, let low), .uuid(let otherHigh, let otherLow)):
      (high, low) < (otherHigh, otherLow)
    case (.string(let a), .string(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
    default: left.tag < right.tag
    }
  }
}

extension ObjectID: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
  /// The id a text names; see ``init(text:)``, except that digits stay a string.
  public init(stringLiteral value: String) { self = ObjectID(jsonString: value) }

  /// A number.
  public init(integerLiteral value: Int64) { self = .int(value) }
}
