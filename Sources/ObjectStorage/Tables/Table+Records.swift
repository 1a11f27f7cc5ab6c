import CLMDB
import StorageIO

extension Table {
  /// Checks a stored value against its key and returns the payload before the checksum; nil if it
  /// is damaged.
  @inline(__always)
  func payload(of value: MDB_val, key: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    let count = value.mv_size - Table.checksumSize
    guard count >= 0, let start = value.mv_data else { return nil }
    let payload = UnsafeRawBufferPointer(start: start, count: count)
    let checksum = RecordChecksum.extend(RecordChecksum.extend(seed, key), payload)
    let stored = start.loadUnaligned(fromByteOffset: count, as: UInt32.self)
    return UInt32(littleEndian: stored) == checksum ? payload : nil
  }

  /// Looks a key up. The payload is valid until the transaction ends or, in a write transaction,
  /// until its next change.
  func get(
    _ key: UnsafeRawBufferPointer, in transaction: Transaction
  ) throws(StoreError) -> UnsafeRawBufferPointer? {
    let raw = try transaction.open()
    if key.isEmpty { return nil }
    var keyValue = MDB_val(key)
    var value = MDB_val()
    let code = mdb_get(raw, handle, &keyValue, &value)
    if code == MDB_NOTFOUND { return nil }
    if code != 0 { throw failure("mdb_get", code, Table.hex(key)) }
    guard let payload = payload(of: value, key: key) else {
      throw damage(Table.hex(key), "its checksum does not match")
    }
    return payload
  }

  /// Stores a value. `append` promises that the key is above all others; it is only a hint.
  func put(
    _ key: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer, append: Bool = false,
    in transaction: WriteTransaction
  ) throws(StoreError) {
    try reserve(key, payload.count, append: append, in: transaction) { target in
      target.copyMemory(from: payload)
    }
  }

  /// Makes room for a value, lets `fill` write the payload in place, and adds the checksum.
  func reserve(
    _ key: UnsafeRawBufferPointer, _ count: Int, append: Bool, in transaction: WriteTransaction,
    fill: (UnsafeMutableRawBufferPointer) -> Void
  ) throws(StoreError) {
    let cursor = try transaction.cursor(self)
    var keyValue = MDB_val(key)
    var value = MDB_val(mv_size: count + Table.checksumSize, mv_data: nil)
    let flags = UInt32(MDB_RESERVE)
    var code: Int32 = MDB_KEYEXIST
    if append { code = mdb_cursor_put(cursor, &keyValue, &value, flags | UInt32(MDB_APPEND)) }
    if code == MDB_KEYEXIST {
      value = MDB_val(mv_size: count + Table.checksumSize, mv_data: nil)
      code = mdb_cursor_put(cursor, &keyValue, &value, flags)
    }
    if code != 0 { throw failure("mdb_cursor_put", code, Table.hex(key)) }
    guard let start = value.mv_data else {
      throw failure("mdb_cursor_put", MDB_CORRUPTED, Table.hex(key))
    }
    fill(UnsafeMutableRawBufferPointer(start: start, count: count))
    let payload = UnsafeRawBufferPointer(start: start, count: count)
    let checksum = RecordChecksum.extend(RecordChecksum.extend(seed, key), payload)
    start.storeBytes(of: checksum.littleEndian, toByteOffset: count, as: UInt32.self)
  }

  /// Removes a key; false if it was not there.
  @discardableResult
  func remove(
    _ key: UnsafeRawBufferPointer, in transaction: WriteTransaction
  ) throws(StoreError) -> Bool {
    let raw = try transaction.open()
    var keyValue = MDB_val(key)
    let code = mdb_del(raw, handle, &keyValue, nil)
    if code == MDB_NOTFOUND { return false }
    if code != 0 { throw failure("mdb_del", code, Table.hex(key)) }
    return true
  }

  /// Visits all records in key order from `start` on, until `body` returns false. It has a cursor of
  /// its own, so `body` may read this table, too; it must not change it.
  func forEach(
    from start: UnsafeRawBufferPointer? = nil, verifying: Bool = true, in transaction: Transaction,
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Bool
  ) throws(StoreError) {
    let raw = try transaction.open()
    var opened: OpaquePointer?
    var code = mdb_cursor_open(raw, handle, &opened)
    guard code == 0, let cursor = opened else { throw failure("mdb_cursor_open", code, nil) }
    defer { mdb_cursor_close(cursor) }
    var key = MDB_val()
    var value = MDB_val()
    if let start {
      key = MDB_val(start)
      code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE)
    } else {
      code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST)
    }
    while code == 0 {
      let keyBytes = UnsafeRawBufferPointer(start: key.mv_data, count: key.mv_size)
      var record = UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)
      if verifying {
        guard let payload = payload(of: value, key: keyBytes) else {
          throw damage(Table.hex(keyBytes), "its checksum does not match")
        }
        record = payload
      }
      if try !body(keyBytes, record) { return }
      code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
    }
    if code != MDB_NOTFOUND { throw failure("mdb_cursor_get", code, nil) }
  }

  /// Removes all records and gives their pages back. The empty database stays: removing it would
  /// free its handle under the readers of this process.
  func empty(in transaction: WriteTransaction) throws(StoreError) {
    let raw = try transaction.open()
    transaction.closeCursors()
    let code = mdb_drop(raw, handle, 0)
    if code != 0 { throw failure("mdb_drop", code, nil) }
  }

  /// Records and pages of this table.
  package func statistics(in transaction: Transaction) throws(StoreError) -> TableStatistics {
    let raw = try transaction.open()
    var statistics = MDB_stat()
    let code = mdb_stat(raw, handle, &statistics)
    if code != 0 { throw failure("mdb_stat", code, nil) }
    return TableStatistics(
      entries: statistics.ms_entries, depth: Int(statistics.ms_depth),
      pages: statistics.ms_branch_pages + statistics.ms_leaf_pages + statistics.ms_overflow_pages,
      pageSize: Int(statistics.ms_psize))
  }

  /// A key for messages.
  static func hex(_ key: UnsafeRawBufferPointer) -> String {
    var text = "0x"
    for byte in key.prefix(64) {
      text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    return text
  }
}

/// Size of one table.
package struct TableStatistics: Sendable {
  /// Records.
  package var entries: Int
  /// Levels of the tree.
  package var depth: Int
  /// Pages of all sorts.
  package var pages: Int
  /// Bytes per page.
  package var pageSize: Int
  /// Bytes on disk.
  package var bytes: Int { pages * pageSize }
}

extension MDB_val {
  /// Borrowed bytes as LMDB wants them; it does not write to keys or to data given to it.
  @inline(__always)
  init(_ bytes: UnsafeRawBufferPointer) {
    self.init(
      mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
  }
}
