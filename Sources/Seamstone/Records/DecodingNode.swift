import JSONText
import ObjectStorage

/// The place of one value while it is decoded.
struct DecodingNode: Decoder {
  var value: PropertyValue
  let codingPath: [any CodingKey]
  let sendableUserInfo: [CodingUserInfoKey: any Sendable]
  /// The object whose record is decoded, at the outermost place only.
  var record: DecodedRecord?

  init(
    value: PropertyValue, codingPath: [any CodingKey] = [],
    userInfo: [CodingUserInfoKey: any Sendable] = [:]
  ) {
    self.value = value
    self.codingPath = codingPath
    sendableUserInfo = userInfo
  }

  var userInfo: [CodingUserInfoKey: Any] { sendableUserInfo }

  func container<Key: CodingKey>(
    keyedBy type: Key.Type
  ) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else {
      throw mismatch([String: PropertyValue].self, "an object")
    }
    return KeyedDecodingContainer(PropertyKeyedDecoding(node: self, members: members))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch([PropertyValue].self, "a list") }
    return PropertyUnkeyedDecoding(node: self, elements: elements)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    PropertySingleDecoding(node: self)
  }

  /// The node of something inside.
  func child(_ value: PropertyValue, key: any CodingKey) throws -> DecodingNode {
    // Values that were stored are not this deep; others must not exhaust the stack.
    guard codingPath.count <= 2 * PropertyValue.maximumDepth else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "nested too deep"))
    }
    return DecodingNode(value: value, codingPath: codingPath + [key], userInfo: sendableUserInfo)
  }

  func unbox<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if let property = value as? Value, type == PropertyValue.self { return property }
    var node = self
    if let number = try FoundationDate.decodable(type, from: value, codingPath: codingPath) {
      node.value = number
    }
    return try Value(from: node)
  }

  func bool() throws -> Bool {
    guard case .bool(let flag) = value else { throw mismatch(Bool.self, "true or false") }
    return flag
  }

  func string() throws -> String {
    guard case .string(let text) = value else { throw mismatch(String.self, "a text") }
    return text
  }

  func double() throws -> Double {
    switch value {
    case .double(let number): return number
    case .int(let number): return Double(number)
    default: throw mismatch(Double.self, "a number")
    }
  }

  func float() throws -> Float {
    let number = try double()
    let float = Float(number)
    guard float.isFinite || !number.isFinite else {
      throw mismatch(Float.self, "a number of 32 bits")
    }
    return float
  }

  /// A whole number of any type, also where it was stored as a double.
  func whole<Number: FixedWidthInteger>() throws -> Number {
    let number: Number?
    switch value {
    case .int(let whole): number = Number(exactly: whole)
    case .double(let double): number = Number(exactly: double)
    default: number = nil
    }
    guard let number else { throw mismatch(Number.self, "a whole number that fits \(Number.self)") }
    return number
  }

  private func mismatch(_ type: any Any.Type, _ expected: String) -> DecodingError {
    let found =
      switch value {
      case .null: "null"
      case .array: "a list"
      case .object: "an object"
      default: JSONScanner.excerpt(value.json)
      }
    let context = DecodingError.Context(
      codingPath: codingPath, debugDescription: "expected \(expected), found \(found)")
    return value == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }
}
