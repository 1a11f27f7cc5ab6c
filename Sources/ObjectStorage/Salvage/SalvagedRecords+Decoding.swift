import StorageIO

extension SalvagedRecords.Record {
  /// The object that a record of `objects` holds; nil if its bytes are none.
  package var object: StoredObject? {
    try? payload.withRawBytes { (bytes) throws(StoreError) in try ObjectTable.decode(bytes) }
  }

  /// What a record of `ids` says; nil if its bytes do not.
  package var mapping: (id: ObjectID, docID: UInt64)? {
    guard payload.count == 8,
      let id = key.withUnsafeBytes({ ObjectID(keyBytes: $0) })
    else { return nil }
    return (id, payload.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}
