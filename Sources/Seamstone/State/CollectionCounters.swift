import StorageIO

/// The numbers of a collection that change with every commit; stored in the catalog.
struct CollectionCounters: Sendable, Equatable, VersionedRecord {
  /// The DocID that the next new version gets. DocIDs start at 1 and are never reused.
  var nextDocID: UInt64 = 1
  /// Live objects.
  var objectCount: UInt64 = 0
  /// Live objects that have a vector.
  var vectorCount: UInt64 = 0
  /// Whether mutating calls are refused.
  var isReadOnly = false

  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(CollectionCounters.version)
    writer.write(nextDocID)
    writer.write(objectCount)
    writer.write(vectorCount)
    writer.write(UInt8(isReadOnly ? 1 : 0))
    return writer.bytes
  }

  init() {}

  init(_ reader: inout ByteReader) throws(StoreError) {
    nextDocID = try reader.readUInt64()
    objectCount = try reader.readUInt64()
    vectorCount = try reader.readUInt64()
    isReadOnly = try reader.readUInt8() != 0
  }

  static let version: UInt16 = 1
  static let title = "the counters"
}
