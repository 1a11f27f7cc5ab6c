import ObjectStorage
public import StorageIO

/// A type of the caller's whose values are stored as objects.
///
/// ```swift
/// struct Article: VectorRecord { var id: String; var title: String; var vector: [Float] }
/// ```
///
/// `Codable` does the rest: what is encoded under other names than the two below becomes the
/// object's properties. Nested values become nested properties. A `Date` of Foundation's becomes a text of
/// RFC 3339, to the nanosecond, as a ``Timestamp`` does, so that filters compare it as a date; numbers
/// that an earlier version stored for a `Date` are still read.
public protocol VectorRecord: Codable, Sendable {
  /// The type of the id.
  associatedtype ID: ObjectIDConvertible
  /// The type of the vector: `[Float]`, or `[UInt8]` for packed bits; `[Float]?` or `[UInt8]?` where objects may
  /// have none.
  associatedtype Vector: RecordVector

  /// The key of the object, unique in its collection.
  var id: ID { get }
  /// The vector.
  var vector: Vector { get }

  /// The coding key of ``id``, for types that rename it; `"id"` if not said.
  static var idKey: String { get }
  /// The coding key of ``vector``, for types that rename it; `"vector"` if not said.
  static var vectorKey: String { get }
}

extension VectorRecord {
  /// `"id"`.
  public static var idKey: String { "id" }
  /// `"vector"`.
  public static var vectorKey: String { "vector" }
}

extension VectorObject {
  /// The object that stores a record.
  public init(_ record: some VectorRecord) throws(StoreError) {
    if let object = record as? VectorObject {
      self = object
      return
    }
    self.init(
      id: record.id.objectID, value: record.vector.vectorValue,
      properties: try PropertyEncoder.properties(of: record))
  }

  /// The record that the object stores.
  public func decoded<Record: VectorRecord>(
    as type: Record.Type = Record.self
  ) throws(StoreError) -> Record {
    if let object = self as? Record { return object }
    return try PropertyDecoder.record(of: self)
  }
}
