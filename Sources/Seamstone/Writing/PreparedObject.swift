import ObjectStorage
import StorageIO
import VectorMath

/// An object that was validated and whose record was encoded on the caller's thread, so that the
/// writer thread only copies bytes.
struct PreparedObject: Sendable {
  let id: ObjectID
  let vector: VectorValue?
  let record: ObjectRecord
  /// What property indexes are made from.
  let properties: [String: PropertyValue]

  init(_ object: VectorObject) throws(StoreError) {
    id = object.id
    vector = object.value
    properties = object.properties
    record = try ObjectRecord(
      StoredObject(
        id: object.id, properties: object.properties,
        flags: object.value == nil ? 0 : StoredObject.hasVectorFlag))
  }

  /// Roughly what it takes in LMDB.
  var byteCount: Int { record.byteCount + (vector?.byteCount ?? 0) + 64 }
}

extension StoredObject {
  /// The flag of objects that have a vector.
  static let hasVectorFlag: UInt8 = 1

  /// Whether the object has a vector.
  var hasVector: Bool { flags & Self.hasVectorFlag != 0 }
}
