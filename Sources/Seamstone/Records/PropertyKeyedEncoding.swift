import ObjectStorage

/// Encodes named values.
struct PropertyKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: EncodingNode
  var codingPath: [any CodingKey] { node.codingPath }

  private func isOmitted(_ key: Key) -> Bool {
    guard let omitted = node.omittedKeys else { return false }
    return key.stringValue == omitted.0 || key.stringValue == omitted.1
  }

  private func set(
    _ key: Key, _ value: @autoclosure () throws -> PropertyValue
  ) rethrows {
    if !isOmitted(key) { node.members[key.stringValue] = try value() }
  }

  func encodeNil(forKey key: Key) { set(key, .null) }
  func encode(_ value: Bool, forKey key: Key) { set(key, .bool(value)) }
  func encode(_ value: String, forKey key: Key) { set(key, .string(value)) }
  func encode(_ value: Double, forKey key: Key) throws { try set(key, node.box(value, key: key)) }
  func encode(_ value: Float, forKey key: Key) throws {
    try set(key, node.box(Double(value), key: key))
  }
  func encode(_ value: Int, forKey key: Key) throws {
    try set(key, node.box(whole: value, key: key))
  }
  func encode(_ value: Int8, forKey key: Key) throws {
    try set(key, node.box(whole: value, key: key))
  }
  func encode(_ value: Int16, forKey key: Key) throws {
    try set(key, node.box(whole: value, key: key))
  }
  func encode(_ value: Int32, forKey key: Key) throws {
    try set(key, node.box(whole: value, key: key))
  }
  func encode(_ value: Int64, forKey key: Key) throws {
    try set(key, node.box(whole: value, key: key))
  }
  func encode(_ value: UInt, forKey key: Key) throws {
    try set(key, node.box(whole: value, key: key))
  }
  func encode(_ value: UInt8, forKey key: Key) throws {
    try set(key, node.box(whole: value, key: key))
  }
  func encode(_ value: UInt16, forKey key: Key) throws {
    try set(key, node.box(whole: value, key: key))
  }
  func encode(_ value: UInt32, forKey key: Key) throws {
    try set(key, node.box(whole: value, key: key))
  }
  func encode(_ value: UInt64, forKey key: Key) throws {
    try set(key, node.box(whole: value, key: key))
  }
  func encode(_ value: Int128, forKey key: Key) throws {
    try set(key, node.box(whole: value, key: key))
  }
  func encode(_ value: UInt128, forKey key: Key) throws {
    try set(key, node.box(whole: value, key: key))
  }
  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    // An id and a vector that are left out are not even encoded.
    try set(key, node.box(value, key: key))
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    nested(key).container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    nested(key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder {
    node.nested(.member(SuperKey.name), key: SuperKey())
  }

  func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

  private func nested(_ key: Key) -> EncodingNode {
    isOmitted(key)
      ? EncodingNode(codingPath: codingPath + [key], userInfo: node.sendableUserInfo)
      : node.nested(.member(key.stringValue), key: key)
  }
}
