import StorageIO

/// An object in the form in which it is stored, so that encoding and compressing happen on the
/// caller's thread and the writer thread only copies bytes.
package struct ObjectRecord: Sendable {
  /// The caller's key.
  package let id: ObjectID
  /// The record's bytes; the flags are the second one.
  private(set) var bytes: [UInt8]

  /// Encodes an object.
  package init(_ object: StoredObject) throws(StoreError) {
    try object.id.validate()
    id = object.id
    bytes = try ObjectTable.encode(object)
  }

  /// The length of the record.
  package var byteCount: Int { bytes.count }

  /// A copy with other flags.
  package func with(flags: UInt8) -> ObjectRecord {
    var copy = self
    copy.bytes[1] = flags
    return copy
  }
}

extension ObjectTable {
  /// Stores an encoded object under its DocID.
  package func put(
    _ record: ObjectRecord, docID: UInt64, append: Bool = false, in transaction: WriteTransaction
  ) throws(StoreError) {
    try record.bytes.withRawBytes { (bytes) throws(StoreError) in
      try table.put(docID, bytes, append: append, in: transaction)
    }
  }
}
