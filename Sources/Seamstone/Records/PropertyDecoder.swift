public import ObjectStorage
import StorageIO

/// Decodes a `Codable` value from a property's value.
public struct PropertyDecoder {
  /// What types may ask for while they decode themselves.
  public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

  /// Creates a decoder.
  public init() {}

  /// Decodes a value.
  public func decode<Value: Decodable>(
    _ type: Value.Type = Value.self, from value: PropertyValue
  ) throws -> Value {
    try DecodingNode(value: value, userInfo: userInfo).unbox(type)
  }

  /// The record that an object stores.
  static func record<Record: VectorRecord>(of object: VectorObject) throws(StoreError) -> Record {
    if let value = object.value, value.elementType != Record.Vector.elementType {
      throw StoreError(
        .invalidData, "The object \(object.id) is not a \(Record.self)",
        cause: "its vector is \(value.elementType), the record's is \(Record.Vector.elementType)",
        remedy: "Declare the record's vector as "
          + (value.elementType == .bits ? "[UInt8]" : "[Float]"))
    }
    var node = DecodingNode(value: .object(object.properties))
    node.record = DecodedRecord(
      object: object, idKey: Record.idKey, vectorKey: Record.vectorKey)
    do {
      return try Record(from: node)
    } catch {
      var remedy: String?
      if case DecodingError.keyNotFound(let key, _) = error, key.stringValue == Record.vectorKey {
        remedy =
          "The object has no vector: declare it as "
          + (Record.Vector.elementType == .bits ? "[UInt8]?" : "[Float]?")
      }
      throw StoreError(
        .invalidData, "The object \(object.id) is not a \(Record.self)",
        cause: CodingFailure.text(error), remedy: remedy)
    }
  }
}
