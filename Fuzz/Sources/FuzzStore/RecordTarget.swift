import StorageIO

@testable import ObjectStorage
@testable import Seamstone

/// Reads any bytes as the records that LMDB keeps.
///
/// Strategy: the first byte chooses the record, the rest is what stands in LMDB behind its checksum, so that
/// the parsers are reached without one.
/// Invariants: a record is refused as damaged or as of another release, or what was read is written and read again
/// as the same; the manifest's intervals never overlap; an object's id is one that may be stored.
enum RecordTarget {
  private static let place = StoreError.Location(path: "fuzz")

  static let check: @Sendable ([UInt8]) -> Void = { bytes in
    guard let first = bytes.first else { return }
    let rest = Array(bytes.dropFirst())
    switch first % 7 {
    case 0: again(rest, { manifest($0) }, { $0?.encoded() })
    case 1: again(rest, { definition($0) }, { encoded($0) })
    case 2: again(rest, { record(CollectionCounters.self, $0) }, { $0?.encoded() })
    case 3: again(rest, { record(PropertyIndexRecord.self, $0) }, { $0?.encoded() })
    case 4: again(rest, { object($0) }, { encoded($0) })
    case 5: again(rest, { properties($0) }, { encoded($0) })
    default: _ = refused { () throws(StoreError) in try rest.withRawBytes(StoreRecord.init) }
    }
  }

  /// What is read is written to bytes that read as the same: they are written the same way again.
  private static func again<Record>(
    _ bytes: [UInt8], _ read: ([UInt8]) -> Record?, _ write: (Record?) -> [UInt8]?
  ) {
    guard let record = read(bytes) else { return }
    guard let written = write(record) else { fatalError("\(record) cannot be written") }
    guard let other = read(written), write(other) == written else {
      fatalError("\(record) reads back otherwise")
    }
  }

  /// What `body` returns; nil where it refuses as it may.
  private static func refused<Value>(_ body: () throws(StoreError) -> Value) -> Value? {
    do throws(StoreError) {
      return try body()
    } catch {
      guard [.corruption, .formatTooNew, .formatTooOld].contains(error.code), !error.message.isEmpty
      else { fatalError("refused with \(error)") }
      return nil
    }
  }

  private static func record<Record: VersionedRecord>(
    _ type: Record.Type, _ bytes: [UInt8]
  ) -> Record? {
    refused { () throws(StoreError) in try Record(decoding: bytes, at: place) }
  }

  private static func manifest(_ bytes: [UInt8]) -> Manifest? {
    guard let manifest = record(Manifest.self, bytes) else { return nil }
    var end: UInt64 = 0
    for entry in manifest.entries {
      guard entry.firstDocID > end, entry.lastDocID >= entry.firstDocID else {
        fatalError("\(entry) overlaps")
      }
      end = entry.lastDocID
    }
    guard manifest.watermark >= end else { fatalError("the watermark is below \(end)") }
    return manifest
  }

  private static func definition(_ bytes: [UInt8]) -> CollectionDefinition? {
    refused { () throws(StoreError) in try CollectionDefinition(decoding: bytes, at: place) }
  }

  private static func encoded(_ definition: CollectionDefinition?) -> [UInt8]? {
    try? definition?.encoded()
  }

  private static func object(_ bytes: [UInt8]) -> StoredObject? {
    // Exactly as many bytes as there are, so that the address sanitizer sees every read outside.
    let object = refused { () throws(StoreError) in try bytes.withRawBytes(ObjectTable.decode) }
    guard let object else { return nil }
    do throws(StoreError) {
      try object.id.validate()
    } catch {
      fatalError("the id \(object.id) was read: \(error)")
    }
    return object
  }

  private static func encoded(_ object: StoredObject?) -> [UInt8]? {
    guard let object else { return nil }
    return try? ObjectTable.encode(object)
  }

  private static func properties(_ bytes: [UInt8]) -> [String: PropertyValue]? {
    refused { () throws(StoreError) in try bytes.withRawBytes(PropertyCodec.decode) }
  }

  private static func encoded(_ properties: [String: PropertyValue]?) -> [UInt8]? {
    guard let properties else { return nil }
    return try? PropertyCodec.encode(properties)
  }
}
