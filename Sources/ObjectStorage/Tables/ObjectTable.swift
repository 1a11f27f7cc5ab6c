import CLZ4
import StorageIO

/// Objects by DocID: object id, flags and properties, compressed with LZ4 where that is smaller.
///
/// Value: a byte of form (bit 0: LZ4), a byte of the caller's flags, varint length and bytes of the
/// object id, then the properties of `PropertyCodec`; compressed ones after the varint of their plain
/// length. The checksum follows as in every table.
package struct ObjectTable: Sendable {
  /// The database beneath.
  package let table: Table

  /// Properties shorter than this are not worth a try at compression.
  private static let compressionThreshold = 48

  /// Stores an object under its DocID.
  package func put(
    _ object: StoredObject, docID: UInt64, append: Bool = false, in transaction: WriteTransaction
  ) throws(StoreError) {
    try object.id.validate()
    let record = try ObjectTable.encode(object)
    try record.withRawBytes { (bytes) throws(StoreError) in
      try table.put(docID, bytes, append: append, in: transaction)
    }
  }

  /// The object of a DocID, or nil.
  package func get(
    _ docID: UInt64, in transaction: Transaction
  ) throws(StoreError) -> StoredObject? {
    guard let record = try table.get(docID, in: transaction) else { return nil }
    return try decode(record, docID)
  }

  /// Only the id of a DocID's object, or nil; nothing is decompressed.
  package func objectID(
    of docID: UInt64, in transaction: Transaction
  ) throws(StoreError) -> ObjectID? {
    guard let record = try table.get(docID, in: transaction) else { return nil }
    do throws(StoreError) {
      var reader = ByteReader(record)
      return try ObjectTable.readHead(&reader).id
    } catch {
      throw table.damage(String(docID), error.message)
    }
  }

  /// Removes the object of a DocID; false if there was none.
  @discardableResult
  package func remove(_ docID: UInt64, in transaction: WriteTransaction) throws(StoreError) -> Bool
  {
    try table.remove(docID, in: transaction)
  }

  /// Visits the objects of a range of DocIDs in order, until `body` returns false.
  package func forEach(
    docIDs range: ClosedRange<UInt64> = 0...UInt64.max, in transaction: Transaction,
    _ body: (UInt64, StoredObject) throws(StoreError) -> Bool
  ) throws(StoreError) {
    try table.forEach(in: range, in: transaction) { (docID, record) throws(StoreError) in
      try body(docID, try decode(record, docID))
    }
  }

  /// Visits the stored form of the ids of a range of DocIDs in order, until `body` returns false. Damaged records
  /// are passed over.
  package func forEachID(
    docIDs range: ClosedRange<UInt64>, in transaction: Transaction,
    _ body: (UInt64, UnsafeRawBufferPointer) throws(StoreError) -> Bool
  ) throws(StoreError) {
    try table.forEachSound(in: range, in: transaction) { (docID, record) throws(StoreError) in
      var reader = ByteReader(record)
      guard let keyBytes = try? ObjectTable.readIDBytes(&reader) else { return true }
      return try body(docID, keyBytes)
    }
  }

  /// How many objects there are.
  package func count(in transaction: Transaction) throws(StoreError) -> Int {
    try table.statistics(in: transaction).entries
  }
}

extension ObjectTable {
  static func encode(_ object: StoredObject) throws(StoreError) -> [UInt8] {
    let properties = try PropertyCodec.encode(object.properties)
    let packed = properties.count >= compressionThreshold ? compress(properties) : nil
    var writer = ByteWriter(capacity: (packed ?? properties).count + 64)
    writer.write(packed == nil ? 0 : 1 as UInt8)
    writer.write(object.flags)
    writer.writeLengthPrefixed(object.id.keyBytes)
    if let packed {
      writer.writeVarint(UInt64(properties.count)); writer.write(packed)
    } else {
      writer.write(properties)
    }
    return writer.bytes
  }

  private func decode(
    _ record: UnsafeRawBufferPointer, _ docID: UInt64
  ) throws(StoreError) -> StoredObject {
    do throws(StoreError) {
      return try ObjectTable.decode(record)
    } catch {
      throw table.damage(String(docID), error.message)
    }
  }

  static func decode(_ record: UnsafeRawBufferPointer) throws(StoreError) -> StoredObject {
    var reader = ByteReader(record)
    let head = try readHead(&reader)
    let properties: [String: PropertyValue]
    if head.isCompressed {
      let plainCount = try reader.readCount(limit: PropertyCodec.maximumByteCount)
      let packed = try reader.readBytes(reader.remaining)
      // LZ4 shrinks at most 255-fold, which bounds what a record can ask for.
      if plainCount > packed.count * 255 + 64 {
        throw reader.corruption("Its length is impossible")
      }
      properties = try decompress(packed, plainCount)
    } else {
      properties = try PropertyCodec.decode(try reader.readBytes(reader.remaining))
    }
    return StoredObject(id: head.id, properties: properties, flags: head.flags)
  }

  private static func readHead(
    _ reader: inout ByteReader
  ) throws(StoreError) -> (isCompressed: Bool, flags: UInt8, id: ObjectID) {
    let form = try reader.readUInt8()
    if form > 1 { throw reader.corruption("The object has the unknown form \(form)") }
    let flags = try reader.readUInt8()
    guard let id = ObjectID(keyBytes: try reader.readLengthPrefixed()) else {
      throw reader.corruption("The object has a malformed id")
    }
    return (form == 1, flags, id)
  }

  /// The stored form of the id alone.
  private static func readIDBytes(
    _ reader: inout ByteReader
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    try reader.skip(2)
    return try reader.readLengthPrefixed()
  }

  /// The LZ4 block, or nil if it would not be smaller by more than its length field takes.
  private static func compress(_ plain: [UInt8]) -> [UInt8]? {
    let limit = plain.count - 5
    let compressed = [UInt8](unsafeUninitializedCapacity: limit) { target, count in
      let written = plain.withUnsafeBytes { source in
        LZ4_compress_default(
          source.baseAddress, target.baseAddress, Int32(source.count), Int32(target.count))
      }
      count = max(0, Int(written))
    }
    return compressed.isEmpty ? nil : compressed
  }

  private static func decompress(
    _ packed: UnsafeRawBufferPointer, _ plainCount: Int
  ) throws(StoreError) -> [String: PropertyValue] {
    let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, plainCount), alignment: 8)
    defer { plain.deallocate() }
    let written = LZ4_decompress_safe(
      packed.baseAddress, plain.baseAddress, Int32(clamping: packed.count), Int32(plainCount))
    guard Int(written) == plainCount else {
      throw StoreError(.corruption, "The compressed properties are malformed")
    }
    return try PropertyCodec.decode(UnsafeRawBufferPointer(rebasing: plain[0..<plainCount]))
  }
}
