import StorageIO

/// The numbers of a collection that change with every commit; stored in the catalog.
struct CollectionCounters: Sendable, Equatable {
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

  init(decoding bytes: [UInt8], at location: StoreError.Location) throws(StoreError) {
    self = try unsafe bytes.withRawBytes { (raw) throws(StoreError) in
      try unsafe CollectionCounters(raw, at: location)
    }
  }

  private init(
    _ bytes: UnsafeRawBufferPointer, at location: StoreError.Location
  ) throws(StoreError) {
    var reader = unsafe ByteReader(bytes, at: location)
    let version = try reader.readUInt16()
    guard version == CollectionCounters.version else {
      throw StoreError(
        version > CollectionCounters.version ? .formatTooNew : .formatTooOld,
        "The counters have version \(version), this release reads \(CollectionCounters.version)",
        at: location, remedy: "Open the store with the release that wrote it")
    }
    nextDocID = try reader.readUInt64()
    objectCount = try reader.readUInt64()
    vectorCount = try reader.readUInt64()
    isReadOnly = try reader.readUInt8() != 0
    try reader.expectEnd()
  }

  private static let version: UInt16 = 1
}
