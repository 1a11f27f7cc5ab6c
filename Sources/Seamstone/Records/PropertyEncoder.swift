public import ObjectStorage
import StorageIO

/// Encodes a `Codable` value as a property's value, without text in between.
///
/// Whole numbers beyond 64 bits signed, and numbers that are not finite, are errors: properties are
/// JSON-like. A `Date` of Foundation's is encoded as a text of RFC 3339, as every date in a store.
public struct PropertyEncoder {
  /// What types may ask for while they encode themselves.
  public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

  /// Creates an encoder.
  public init() {}

  /// Encodes a value.
  public func encode<Value: Encodable>(_ value: Value) throws -> PropertyValue {
    let node = EncodingNode(codingPath: [], userInfo: userInfo)
    return try node.box(value)
  }

  /// The properties of a record: all that it encodes but its id and its vector.
  static func properties<Record: VectorRecord>(
    of record: Record
  ) throws(StoreError) -> [String: PropertyValue] {
    let node = EncodingNode(codingPath: [], userInfo: [:])
    node.omittedKeys = (Record.idKey, Record.vectorKey)
    do {
      try record.encode(to: node)
    } catch {
      throw StoreError(
        .invalidArgument, "A \(Record.self) with the id \(record.id.objectID) cannot be stored",
        cause: CodingFailure.text(error))
    }
    guard case .object(let properties) = node.finish() else {
      throw StoreError(
        .invalidArgument, "A \(Record.self) does not encode itself by names",
        remedy: "Use a keyed container in encode(to:)")
    }
    return properties
  }
}
