import ObjectStorage

/// Gives a record its id and its vector while it is decoded, as if they were among the properties.
struct DecodedRecord {
  let object: VectorObject
  let idKey: String
  let vectorKey: String

  /// The id or the vector as a property; nil for another name, or without a vector.
  func value(forKey name: String) -> PropertyValue? {
    if name == vectorKey {
      switch object.value {
      case nil: return nil
      case .floats(let components): return .array(components.map { .double(Double($0)) })
      case .bits(let bytes): return .array(bytes.map { .int(Int64($0)) })
      }
    }
    guard name == idKey else { return nil }
    switch object.id {
    case .int(let number): return .int(number)
    case .string(let text): return .string(text)
    case .uuid: return .string(object.id.description)
    }
  }

  /// The same, where the type asked for is the one at hand: the usual case, without detours.
  func value<Value>(_ type: Value.Type, forKey name: String) -> Value? {
    if name == vectorKey {
      switch object.value {
      case nil: return nil
      case .floats(let components): return components as? Value
      case .bits(let bytes): return bytes as? Value
      }
    }
    if name == idKey, type == ObjectID.self { return object.id as? Value }
    return nil
  }
}
