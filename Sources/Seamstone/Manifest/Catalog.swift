import ObjectStorage
import StorageIO

/// The `catalog` database: everything the store keeps about itself, by `CatalogKey`.
struct Catalog: Sendable {
  private let table: BytesTable

  init(_ table: BytesTable) { self.table = table }

  func value(_ key: String, in transaction: Transaction) throws(StoreError) -> [UInt8]? {
    try table.get(Array(key.utf8), in: transaction)
  }

  func put(
    _ key: String, _ value: [UInt8], in transaction: WriteTransaction
  ) throws(StoreError) {
    try table.put(Array(key.utf8), value, in: transaction)
  }

  func remove(_ key: String, in transaction: WriteTransaction) throws(StoreError) {
    try table.remove(Array(key.utf8), in: transaction)
  }

  /// Every key, with its value.
  func entries(in transaction: Transaction) throws(StoreError) -> [(key: String, value: [UInt8])] {
    var entries: [(key: String, value: [UInt8])] = []
    try table.forEach(in: transaction) { key, value in
      entries.append((String(decoding: key, as: UTF8.self), value))
      return true
    }
    return entries
  }
}
