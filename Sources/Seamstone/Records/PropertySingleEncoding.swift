import ObjectStorage

/// Encodes one value.
struct PropertySingleEncoding: SingleValueEncodingContainer {
  let node: EncodingNode
  var codingPath: [any CodingKey] { node.codingPath }

  func encodeNil() { node.value = .null }
  func encode(_ value: Bool) { node.value = .bool(value) }
  func encode(_ value: String) { node.value = .string(value) }
  func encode(_ value: Double) throws { node.value = try node.box(value) }
  func encode(_ value: Float) throws { node.value = try node.box(Double(value)) }
  func encode(_ value: Int) throws { node.value = try node.box(whole: value) }
  func encode(_ value: Int8) throws { node.value = try node.box(whole: value) }
  func encode(_ value: Int16) throws { node.value = try node.box(whole: value) }
  func encode(_ value: Int32) throws { node.value = try node.box(whole: value) }
  func encode(_ value: Int64) throws { node.value = try node.box(whole: value) }
  func encode(_ value: UInt) throws { node.value = try node.box(whole: value) }
  func encode(_ value: UInt8) throws { node.value = try node.box(whole: value) }
  func encode(_ value: UInt16) throws { node.value = try node.box(whole: value) }
  func encode(_ value: UInt32) throws { node.value = try node.box(whole: value) }
  func encode(_ value: UInt64) throws { node.value = try node.box(whole: value) }
  func encode(_ value: Int128) throws { node.value = try node.box(whole: value) }
  func encode(_ value: UInt128) throws { node.value = try node.box(whole: value) }
  func encode<Value: Encodable>(_ value: Value) throws { node.value = try node.box(value) }
}
