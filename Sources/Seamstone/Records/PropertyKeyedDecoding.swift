import ObjectStorage

/// Decodes named values.
struct PropertyKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let node: DecodingNode
  let members: [String: PropertyValue]
  var codingPath: [any CodingKey] { node.codingPath }

  var allKeys: [Key] {
    var names = Set(members.keys)
    if let record = node.record {
      names.insert(record.idKey)
      if record.object.value != nil { names.insert(record.vectorKey) }
    }
    return names.sorted().compactMap { Key(stringValue: $0) }
  }

  func contains(_ key: Key) -> Bool {
    if let record = node.record {
      if key.stringValue == record.idKey { return true }
      if key.stringValue == record.vectorKey { return record.object.value != nil }
    }
    return members[key.stringValue] != nil
  }

  private func child(_ key: Key) throws -> DecodingNode {
    let value = node.record?.value(forKey: key.stringValue) ?? members[key.stringValue]
    guard let value else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "the value is missing"))
    }
    return try node.child(value, key: key)
  }

  func decodeNil(forKey key: Key) throws -> Bool {
    if let record = node.record, key.stringValue == record.vectorKey, record.object.value != nil {
      return false
    }
    return try child(key).value == .null
  }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try child(key).bool() }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try child(key).string() }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try child(key).double() }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try child(key).float() }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try child(key).whole() }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try child(key).whole() }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try child(key).whole() }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try child(key).whole() }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try child(key).whole() }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try child(key).whole() }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try child(key).whole() }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try child(key).whole() }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try child(key).whole() }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try child(key).whole() }
  func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try child(key).whole() }
  func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try child(key).whole() }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    if let record = node.record, let value = record.value(type, forKey: key.stringValue) {
      return value
    }
    return try child(key).unbox(type)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try child(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try child(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    try node.child(members[SuperKey.name] ?? .null, key: SuperKey())
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
}
