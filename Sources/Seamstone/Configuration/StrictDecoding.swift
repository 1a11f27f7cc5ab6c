/// Any name, to see those that a type does not know.
private struct AnyName: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// A container that has no names but those of `Key`: a misspelt one must not be ignored.
  func strictContainer<Key: CodingKey & CaseIterable & RawRepresentable<String>>(
    keyedBy type: Key.Type
  ) throws -> KeyedDecodingContainer<Key> {
    let known = Key.allCases.map(\.rawValue)
    let names = try container(keyedBy: AnyName.self).allKeys.map(\.stringValue).sorted()
    for name in names where !known.contains(name) {
      let remedy = NearestName.remedy(for: name, among: known)
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "unknown key \"\(name)\". \(remedy)"))
    }
    return try container(keyedBy: type)
  }
}

extension KeyedDecodingContainer {
  /// One of the names of an enumeration, or nil if there is none; another name is an error that
  /// says the nearest.
  func decodeName<Value: RawRepresentable<String> & CaseIterable>(
    _ type: Value.Type, forKey key: Key
  ) throws -> Value? {
    guard let name = try decodeIfPresent(String.self, forKey: key) else { return nil }
    if let value = Value(rawValue: name) { return value }
    let remedy = NearestName.remedy(for: name, among: Value.allCases.map(\.rawValue))
    throw DecodingError.dataCorruptedError(
      forKey: key, in: self, debugDescription: "unknown \(key.stringValue) \"\(name)\". \(remedy)")
  }
}
