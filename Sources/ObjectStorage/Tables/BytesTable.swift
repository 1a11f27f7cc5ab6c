import StorageIO

/// Bytes by a key of bytes: the catalog of the store, and the artifacts of a collection.
package struct BytesTable: Sendable {
  /// The database beneath.
  package let table: Table

  /// The most bytes a key may have.
  package static let maximumKeyBytes = 480

  /// The bytes of a key, or nil.
  package func get(_ key: [UInt8], in transaction: Transaction) throws(StoreError) -> [UInt8]? {
    try key.withRawBytes { (bytes) throws(StoreError) -> [UInt8]? in
      try table.get(bytes, in: transaction).map { Array($0) }
    }
  }

  /// Stores the bytes of a key.
  package func put(
    _ key: [UInt8], _ value: [UInt8], in transaction: WriteTransaction
  ) throws(StoreError) {
    if key.isEmpty || key.count > BytesTable.maximumKeyBytes {
      throw StoreError(
        .invalidArgument, "A key has \(key.count) bytes", at: table.location,
        remedy: "Use 1 to \(BytesTable.maximumKeyBytes) bytes")
    }
    try key.withRawBytes { (keyBytes) throws(StoreError) in
      try value.withRawBytes { (valueBytes) throws(StoreError) in
        try table.put(keyBytes, valueBytes, in: transaction)
      }
    }
  }

  /// Removes a key; false if it was not there.
  @discardableResult
  package func remove(
    _ key: [UInt8], in transaction: WriteTransaction
  ) throws(StoreError) -> Bool {
    if key.isEmpty || key.count > BytesTable.maximumKeyBytes { return false }
    return try key.withRawBytes { (bytes) throws(StoreError) in
      try table.remove(bytes, in: transaction)
    }
  }

  /// Visits all keys that start with `prefix`, in byte order, until `body` returns false.
  package func forEach(
    prefix: [UInt8] = [], in transaction: Transaction,
    _ body: ([UInt8], [UInt8]) throws(StoreError) -> Bool
  ) throws(StoreError) {
    try (prefix.isEmpty ? [0] : prefix).withRawBytes { (start) throws(StoreError) in
      try table.forEach(from: start, in: transaction) { (key, payload) throws(StoreError) in
        if !key.starts(with: prefix) { return false }
        return try body(Array(key), Array(payload))
      }
    }
  }
}
