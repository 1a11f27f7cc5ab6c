import CLMDB
import StorageIO

extension LMDBEnvironment {
  /// Opens the catalog in a write transaction, making it in a new environment.
  package func createCatalog(in transaction: WriteTransaction) throws(StoreError) -> BytesTable {
    let raw = try transaction.open()
    try transaction.lockHandles()
    return BytesTable(
      table: try Table.open("catalog", integerKeys: false, create: true, in: raw, path: path))
  }

  /// Opens the catalog for reading; `notFound` if nothing was ever written.
  package func openCatalog() throws(StoreError) -> BytesTable {
    try openHandles { (raw) throws(StoreError) in
      BytesTable(
        table: try Table.open("catalog", integerKeys: false, create: false, in: raw, path: path))
    }
  }

  /// Removes the emptied databases of dropped collections. Only right after opening, while this
  /// process has opened no collection and no snapshot.
  package func removeTables(except numbers: Set<UInt32>) throws(StoreError) {
    let transaction = try beginWrite()
    defer { transaction.abort() }
    try transaction.lockHandles()
    let raw = try transaction.open()
    var dropped = 0
    for name in try tableNames(raw) {
      guard let number = name.split(separator: ".").first.flatMap({ UInt32($0) }),
        !numbers.contains(number)
      else { continue }
      var handle: MDB_dbi = 0
      var code = mdb_dbi_open(raw, name, 0, &handle)
      if code == 0 { code = mdb_drop(raw, handle, 1) }
      if code != 0 { throw .lmdb("mdb_drop", code, at: location) }
      dropped += 1
    }
    if dropped > 0 { try transaction.commit() }
  }

  /// Runs `body` in a read transaction of its own and commits it, which publishes the handles that
  /// it opened.
  func openHandles<Result>(
    _ body: (OpaquePointer) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let transaction = try beginRead()
    defer { transaction.end() }
    handleLock.lock()
    defer { handleLock.unlock() }
    return try transaction.publishingHandles(body)
  }

  /// The names of all databases. Handle 1 is LMDB's main database, where they are listed.
  private func tableNames(_ transaction: OpaquePointer) throws(StoreError) -> [String] {
    var main: MDB_dbi = 0
    var code = mdb_dbi_open(transaction, nil, 0, &main)
    if code != 0 { throw .lmdb("mdb_dbi_open", code, at: location) }
    var opened: OpaquePointer?
    code = mdb_cursor_open(transaction, main, &opened)
    guard code == 0, let cursor = opened else { throw .lmdb("mdb_cursor_open", code, at: location) }
    defer { mdb_cursor_close(cursor) }
    var names: [String] = []
    var key = MDB_val()
    var value = MDB_val()
    while mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0 {
      let bytes = UnsafeRawBufferPointer(start: key.mv_data, count: key.mv_size)
      if let name = String(validating: bytes, as: UTF8.self) { names.append(name) }
    }
    return names
  }
}
