/// A JSON-like value of an object's property.
///
/// Whole numbers and fractions are two cases, so that 64-bit integers keep all their digits.
/// Filters compare the two by value; `==` does not.
public enum PropertyValue: Hashable, Sendable {
  /// No value. A property that is null is stored; a property that is missing is not.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number.
  case int(Int64)
  /// Any other number.
  case double(Double)
  /// A text.
  case string(String)
  /// A list of values.
  case array([PropertyValue])
  /// Named values.
  case object([String: PropertyValue])
}

extension PropertyValue {
  /// How deep arrays and objects may be nested, counting the properties of the object as one.
  public static let maximumDepth = 64
}

extension PropertyValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringInterpolation,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// `.null`.
  public init(nilLiteral: ()) { self = .null }
  /// `.bool`.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// `.int`.
  public init(integerLiteral value: Int64) { self = .int(value) }
  /// `.double`.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// `.string`.
  public init(stringLiteral value: String) { self = .string(value) }
  /// `.array`.
  public init(arrayLiteral elements: PropertyValue...) { self = .array(elements) }
  /// `.object`; of a name given twice the last value stays.
  public init(dictionaryLiteral elements: (String, PropertyValue)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
  }
}

extension PropertyValue: Codable {
  /// Reads any JSON value.
  public init(from decoder: any Decoder) throws {
    if decoder.codingPath.count > PropertyValue.maximumDepth {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "nested deeper than \(PropertyValue.maximumDepth) levels"))
    }
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .int(value)
    } else if let value = try? container.decode(Double.self) {
      self = .double(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let keyed = try? decoder.container(keyedBy: PropertyName.self) {
      var values: [String: PropertyValue] = [:]
      for key in keyed.allKeys {
        values[key.stringValue] = try keyed.decode(PropertyValue.self, forKey: key)
      }
      self = .object(values)
    } else {
      var list = try decoder.unkeyedContainer()
      var values: [PropertyValue] = []
      while !list.isAtEnd { values.append(try list.decode(PropertyValue.self)) }
      self = .array(values)
    }
  }

  /// Writes a JSON value. JSON has no infinities: an encoder refuses them.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .int(let value): try container.encode(value)
    case .double(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let values): try container.encode(values)
    }
  }
}

/// Any name of a property, as a coding key.
private struct PropertyName: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
