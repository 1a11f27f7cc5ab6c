import ObjectStorage

/// Decodes a list.
struct PropertyUnkeyedDecoding: UnkeyedDecodingContainer {
  let node: DecodingNode
  let elements: [PropertyValue]
  private(set) var currentIndex = 0
  var codingPath: [any CodingKey] { node.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  init(node: DecodingNode, elements: [PropertyValue]) {
    self.node = node
    self.elements = elements
  }

  /// Decodes the next element; one that fails is not passed over.
  private mutating func next<Value>(_ body: (DecodingNode) throws -> Value) throws -> Value {
    let key = IndexKey(index: currentIndex)
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        Value.self, .init(codingPath: codingPath + [key], debugDescription: "the list has ended"))
    }
    let value = try body(node.child(elements[currentIndex], key: key))
    currentIndex += 1
    return value
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd else { return try next { _ in false } }
    guard elements[currentIndex] == .null else { return false }
    currentIndex += 1
    return true
  }
  mutating func decode(_ type: Bool.Type) throws -> Bool { try next { try $0.bool() } }
  mutating func decode(_ type: String.Type) throws -> String { try next { try $0.string() } }
  mutating func decode(_ type: Double.Type) throws -> Double { try next { try $0.double() } }
  mutating func decode(_ type: Float.Type) throws -> Float { try next { try $0.float() } }
  mutating func decode(_ type: Int.Type) throws -> Int { try next { try $0.whole() } }
  mutating func decode(_ type: Int8.Type) throws -> Int8 { try next { try $0.whole() } }
  mutating func decode(_ type: Int16.Type) throws -> Int16 { try next { try $0.whole() } }
  mutating func decode(_ type: Int32.Type) throws -> Int32 { try next { try $0.whole() } }
  mutating func decode(_ type: Int64.Type) throws -> Int64 { try next { try $0.whole() } }
  mutating func decode(_ type: UInt.Type) throws -> UInt { try next { try $0.whole() } }
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next { try $0.whole() } }
  mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next { try $0.whole() } }
  mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next { try $0.whole() } }
  mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next { try $0.whole() } }
  mutating func decode(_ type: Int128.Type) throws -> Int128 { try next { try $0.whole() } }
  mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try next { try $0.whole() } }
  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try next { try $0.unbox(type) }
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try next { try $0.container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next { try $0.unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder { try next { $0 } }
}
