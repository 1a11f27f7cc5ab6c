import ObjectStorage

/// The place of one value while it is encoded. It becomes what the first container asked for makes
/// of it.
final class EncodingNode: Encoder {
  let codingPath: [any CodingKey]
  let sendableUserInfo: [CodingUserInfoKey: any Sendable]
  /// Names that a record's own container leaves out: those of its id and its vector.
  var omittedKeys: (String, String)?

  var value: PropertyValue?
  var members: [String: PropertyValue] = [:]
  var elements: [PropertyValue] = []
  private var kind = Kind.single
  /// Nested containers, whose content is known only when all is encoded, and where they belong.
  private var pending: [(place: Place, node: EncodingNode)] = []

  private enum Kind { case single, keyed, unkeyed }
  enum Place {
    case member(String)
    case element(Int)
  }

  init(codingPath: [any CodingKey], userInfo: [CodingUserInfoKey: any Sendable]) {
    self.codingPath = codingPath
    sendableUserInfo = userInfo
  }

  var userInfo: [CodingUserInfoKey: Any] { sendableUserInfo }

  /// The value of the node and of all nested in it; nil if nothing was encoded.
  func finish() -> PropertyValue? {
    for (place, node) in pending {
      let nested = node.finish() ?? .object([:])
      switch place {
      case .member(let name): members[name] = nested
      case .element(let index): if index < elements.count { elements[index] = nested }
      }
    }
    pending = []
    switch kind {
    case .single: return value
    case .keyed: return .object(members)
    case .unkeyed: return .array(elements)
    }
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    kind = .keyed
    return KeyedEncodingContainer(PropertyKeyedEncoding<Key>(node: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    kind = .unkeyed
    return PropertyUnkeyedEncoding(node: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    PropertySingleEncoding(node: self)
  }

  /// A node for something nested, put in its place at the end.
  func nested(_ place: Place, key: any CodingKey) -> EncodingNode {
    let node = EncodingNode(codingPath: codingPath + [key], userInfo: sendableUserInfo)
    if case .element = place { elements.append(.null) }
    pending.append((place, node))
    return node
  }

  /// The value of anything that encodes itself.
  func box<Value: Encodable>(_ value: Value, key: (any CodingKey)? = nil) throws -> PropertyValue {
    if let property = value as? PropertyValue { return property }
    let path = key.map { codingPath + [$0] } ?? codingPath
    guard path.count < PropertyValue.maximumDepth else {
      throw EncodingError.invalidValue(
        value,
        .init(
          codingPath: path,
          debugDescription: "nested deeper than \(PropertyValue.maximumDepth) levels"))
    }
    let node = EncodingNode(codingPath: path, userInfo: sendableUserInfo)
    try value.encode(to: node)
    return try FoundationDate.stored(
      value, encoded: node.finish() ?? .object([:]), codingPath: path)
  }

  /// A number that must be finite.
  func box(_ number: Double, key: (any CodingKey)? = nil) throws -> PropertyValue {
    guard number.isFinite else {
      throw EncodingError.invalidValue(
        number,
        .init(
          codingPath: key.map { codingPath + [$0] } ?? codingPath,
          debugDescription: "\(number) is not a finite number"))
    }
    return .double(number)
  }

  /// A whole number that must fit.
  func box<Number: BinaryInteger>(
    whole number: Number, key: (any CodingKey)? = nil
  ) throws -> PropertyValue {
    guard let value = Int64(exactly: number) else {
      throw EncodingError.invalidValue(
        number,
        .init(
          codingPath: key.map { codingPath + [$0] } ?? codingPath,
          debugDescription: "\(number) does not fit 64 bits with a sign"))
    }
    return .int(value)
  }
}
