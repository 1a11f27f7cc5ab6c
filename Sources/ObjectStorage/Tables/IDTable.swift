import StorageIO

/// Which DocID an object id has now: the tagged id → eight little-endian bytes.
package struct IDTable: Sendable {
  /// The database beneath.
  package let table: Table

  /// The current DocID of an object, or nil if there is no such object.
  package func docID(for id: ObjectID, in transaction: Transaction) throws(StoreError) -> UInt64? {
    let key = id.keyBytes
    return try key.withRawBytes { (bytes) throws(StoreError) -> UInt64? in
      guard let payload = try table.get(bytes, in: transaction) else { return nil }
      guard payload.count == 8 else {
        throw table.damage(id.description, "it has \(payload.count) bytes")
      }
      return UInt64(littleEndian: payload.loadUnaligned(as: UInt64.self))
    }
  }

  /// Sets the DocID of an object.
  package func put(
    _ id: ObjectID, docID: UInt64, in transaction: WriteTransaction
  ) throws(StoreError) {
    try id.validate()
    let key = id.keyBytes
    try key.withRawBytes { (bytes) throws(StoreError) in
      try withWord(docID) { (word) throws(StoreError) in
        try table.put(bytes, word, in: transaction)
      }
    }
  }

  /// Forgets an object; false if it was not there.
  @discardableResult
  package func remove(_ id: ObjectID, in transaction: WriteTransaction) throws(StoreError) -> Bool {
    let key = id.keyBytes
    return try key.withRawBytes { (bytes) throws(StoreError) in
      try table.remove(bytes, in: transaction)
    }
  }

  /// Visits all ids in their order, from `start` on, until `body` returns false.
  package func forEach(
    from start: ObjectID? = nil, in transaction: Transaction,
    _ body: (ObjectID, UInt64) throws(StoreError) -> Bool
  ) throws(StoreError) {
    try (start?.keyBytes ?? [0]).withRawBytes { (first) throws(StoreError) in
      try table.forEach(from: first, in: transaction) { (key, payload) throws(StoreError) in
        guard let id = ObjectID(keyBytes: key), payload.count == 8 else {
          throw table.damage(Table.hex(key), "it is not an object id with a DocID")
        }
        return try body(id, UInt64(littleEndian: payload.loadUnaligned(as: UInt64.self)))
      }
    }
  }

  /// How many objects there are.
  package func count(in transaction: Transaction) throws(StoreError) -> Int {
    try table.statistics(in: transaction).entries
  }
}

/// The eight little-endian bytes of a number.
@inline(__always)
func withWord<Result>(
  _ word: UInt64, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Result
) throws(StoreError) -> Result {
  let outcome = withUnsafeBytes(of: word.littleEndian) {
    buffer -> Swift.Result<Result, StoreError> in
    do throws(StoreError) { return .success(try body(buffer)) } catch { return .failure(error) }
  }
  return try outcome.get()
}
