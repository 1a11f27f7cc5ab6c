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
    try withBytes(record) { (bytes) throws(StoreError) in
      try table.put(docID, bytes, append: append, in: transaction)
    }
  }

  /// The object of a DocID, or nil.
  package func get(
    _ docID: UInt64, in transaction: Transaction
  ) throws(StoreError) -> StoredObject? {
    guard let record = try table.get(docID, in: transaction) else { return nil }
    guard let object = ObjectTable.decode(record) else {
      throw table.damage(String(docID), "it is not an object record")
    }
    return object
  }

  /// Only the id of a DocID's object, or nil; nothing is decompressed.
  package func objectID(
    of docID: UInt64, in transaction: Transaction
  ) throws(StoreError) -> ObjectID? {
    guard let record = try table.get(docID, in: transaction) else { return nil }
    var reader = PropertyReader(bytes: record)
    guard let head = ObjectTable.head(&reader) else {
      throw table.damage(String(docID), "it is not an object record")
    }
    return head.id
  }

  /// Removes the object of a DocID; false if there was none.
  @discardableResult
  package func remove(_ docID: UInt64, in transaction: WriteTransaction) throws(StoreError) -> Bool {
    try table.remove(docID, in: transaction)
  }

  /// Visits the objects of a range of DocIDs in order, until `body` returns false.
  package func forEach(
    in range: ClosedRange<UInt64> = 0...UInt64.max, in transaction: Transaction,
    _ body: (UInt64, StoredObject) throws(StoreError) -> Bool
  ) throws(StoreError) {
    try table.forEach(in: range, in: transaction) { (docID, record) throws(StoreError) in
      guard let object = ObjectTable.decode(record) else {
        throw table.damage(String(docID), "it is not an object record")
      }
      return try body(docID, object)
    }
  }

  /// The highest DocID, or nil.
  package func lastDocID(in transaction: Transaction) throws(StoreError) -> UInt64? {
    try table.lastKey(in: transaction)
  }

  /// How many objects there are.
  package func count(in transaction: Transaction) throws(StoreError) -> Int {
    try table.statistics(in: transaction).entries
  }
}

extension ObjectTable {
  static func encode(_ object: StoredObject) throws(StoreError) -> [UInt8] {
    let properties = try PropertyCodec.encode(object.properties)
    let key = object.id.keyBytes
    var record: [UInt8] = [0, object.flags]
    PropertyCodec.appendVarint(UInt64(key.count), to: &record)
    record.append(contentsOf: key)
    if properties.count >= compressionThreshold, let compressed = compress(properties) {
      record[0] = 1
      PropertyCodec.appendVarint(UInt64(properties.count), to: &record)
      record.append(contentsOf: compressed)
    } else {
      record.append(contentsOf: properties)
    }
    return record
  }

  static func decode(_ record: UnsafeRawBufferPointer) -> StoredObject? {
    var reader = PropertyReader(bytes: record)
    guard let head = head(&reader) else { return nil }
    let properties: [String: PropertyValue]?
    if head.form == 1 {
      guard let plainCount = reader.varint(), let packed = reader.take(reader.remaining) else {
        return nil
      }
      properties = decompress(packed, plainCount)
    } else {
      properties = reader.take(reader.remaining).flatMap { PropertyCodec.decode($0) }
    }
    guard let properties else { return nil }
    return StoredObject(id: head.id, properties: properties, flags: head.flags)
  }

  private static func head(
    _ reader: inout PropertyReader
  ) -> (form: UInt8, flags: UInt8, id: ObjectID)? {
    guard let form = reader.byte(), form <= 1, let flags = reader.byte(),
      let length = reader.count(), let key = reader.take(length), let id = ObjectID(keyBytes: key)
    else { return nil }
    return (form, flags, id)
  }

  /// The LZ4 block, or nil if it would not be smaller by more than its length field.
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

  /// Unpacks a block. LZ4 shrinks at most 255-fold, which bounds what a record can ask for.
  private static func decompress(
    _ packed: UnsafeRawBufferPointer, _ plainCount: UInt64
  ) -> [String: PropertyValue]? {
    guard plainCount <= UInt64(PropertyCodec.maximumByteCount), packed.count <= Int(Int32.max),
      plainCount <= UInt64(packed.count) * 255 + 64
    else { return nil }
    let count = Int(plainCount)
    let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 8)
    defer { plain.deallocate() }
    let written = LZ4_decompress_safe(
      packed.baseAddress, plain.baseAddress, Int32(packed.count), Int32(count))
    guard Int(written) == count else { return nil }
    return PropertyCodec.decode(UnsafeRawBufferPointer(rebasing: plain[0..<count]))
  }
}
