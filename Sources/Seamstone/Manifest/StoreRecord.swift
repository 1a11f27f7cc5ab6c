import ObjectStorage
import StorageIO

/// What the catalog keeps of the whole store: its format version and the number of the next
/// collection.
struct StoreRecord: Sendable, Equatable {
  /// The format of everything in LMDB. A new version is needed whenever a release writes what the
  /// one before cannot read.
  static let formatVersion: UInt16 = 1

  var nextCollectionNumber: UInt32 = 1

  init(nextCollectionNumber: UInt32 = 1) { self.nextCollectionNumber = nextCollectionNumber }

  /// Reads the record; a store without one is new.
  static func load(
    _ catalog: Catalog, in transaction: Transaction
  ) throws(StoreError) -> StoreRecord {
    guard let bytes = try catalog.value(CatalogKey.store, in: transaction) else {
      return StoreRecord()
    }
    return try unsafe bytes.withRawBytes { (raw) throws(StoreError) in
      try unsafe StoreRecord(decoding: raw)
    }
  }

  init(decoding bytes: UnsafeRawBufferPointer) throws(StoreError) {
    let location = StoreError.Location(path: "data.mdb", section: "catalog/\(CatalogKey.store)")
    var reader = unsafe ByteReader(bytes, at: location)
    let version = try reader.readUInt16()
    guard version == StoreRecord.formatVersion else {
      throw StoreError(
        version > StoreRecord.formatVersion ? .formatTooNew : .formatTooOld,
        "The store has format \(version), this release reads \(StoreRecord.formatVersion)",
        at: location,
        remedy: "Open it with the release that wrote it")
    }
    nextCollectionNumber = try reader.readUInt32()
    try reader.expectEnd()
  }

  func store(_ catalog: Catalog, in transaction: WriteTransaction) throws(StoreError) {
    var writer = ByteWriter()
    writer.write(StoreRecord.formatVersion)
    writer.write(nextCollectionNumber)
    try catalog.put(CatalogKey.store, writer.bytes, in: transaction)
  }
}
