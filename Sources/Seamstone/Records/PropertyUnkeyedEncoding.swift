import ObjectStorage

/// Encodes a list.
struct PropertyUnkeyedEncoding: UnkeyedEncodingContainer {
  let node: EncodingNode
  var codingPath: [any CodingKey] { node.codingPath }
  var count: Int { node.elements.count }
  private var key: IndexKey { IndexKey(index: count) }

  init(node: EncodingNode) { self.node = node }

  func encodeNil() { node.elements.append(.null) }
  func encode(_ value: Bool) { node.elements.append(.bool(value)) }
  func encode(_ value: String) { node.elements.append(.string(value)) }
  func encode(_ value: Double) throws { node.elements.append(try node.box(value, key: key)) }
  func encode(_ value: Float) throws { node.elements.append(try node.box(Double(value), key: key)) }
  func encode(_ value: Int) throws { node.elements.append(try node.box(whole: value, key: key)) }
  func encode(_ value: Int8) throws { node.elements.append(try node.box(whole: value, key: key)) }
  func encode(_ value: Int16) throws { node.elements.append(try node.box(whole: value, key: key)) }
  func encode(_ value: Int32) throws { node.elements.append(try node.box(whole: value, key: key)) }
  func encode(_ value: Int64) throws { node.elements.append(try node.box(whole: value, key: key)) }
  func encode(_ value: UInt) throws { node.elements.append(try node.box(whole: value, key: key)) }
  func encode(_ value: UInt8) throws { node.elements.append(try node.box(whole: value, key: key)) }
  func encode(_ value: UInt16) throws { node.elements.append(try node.box(whole: value, key: key)) }
  func encode(_ value: UInt32) throws { node.elements.append(try node.box(whole: value, key: key)) }
  func encode(_ value: UInt64) throws { node.elements.append(try node.box(whole: value, key: key)) }
  func encode(_ value: Int128) throws { node.elements.append(try node.box(whole: value, key: key)) }
  func encode(_ value: UInt128) throws {
    node.elements.append(try node.box(whole: value, key: key))
  }
  func encode<Value: Encodable>(_ value: Value) throws {
    node.elements.append(try node.box(value, key: key))
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    node.nested(.element(count), key: key).container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    node.nested(.element(count), key: key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { node.nested(.element(count), key: key) }
}
