import CLMDB
import StorageIO

/// Access by UInt64 keys (`MDB_INTEGERKEY`). They are stored in the machine's byte order; all
/// machines that Seamstone runs on are little-endian.
extension Table {
  func get(
    _ key: UInt64, in transaction: Transaction
  ) throws(StoreError) -> UnsafeRawBufferPointer? {
    transaction.keyWord.pointee = key
    return try get(UnsafeRawBufferPointer(start: transaction.keyWord, count: 8), in: transaction)
  }

  func put(
    _ key: UInt64, _ payload: UnsafeRawBufferPointer, append: Bool = false,
    in transaction: WriteTransaction
  ) throws(StoreError) {
    transaction.keyWord.pointee = key
    let bytes = UnsafeRawBufferPointer(start: transaction.keyWord, count: 8)
    try put(bytes, payload, append: append, in: transaction)
  }

  @discardableResult
  func remove(_ key: UInt64, in transaction: WriteTransaction) throws(StoreError) -> Bool {
    transaction.keyWord.pointee = key
    return try remove(
      UnsafeRawBufferPointer(start: transaction.keyWord, count: 8), in: transaction)
  }

  /// Visits the records of a range of keys in ascending order, until `body` returns false.
  func forEach(
    in range: ClosedRange<UInt64>, in transaction: Transaction,
    _ body: (UInt64, UnsafeRawBufferPointer) throws(StoreError) -> Bool
  ) throws(StoreError) {
    transaction.keyWord.pointee = range.lowerBound
    let start = UnsafeRawBufferPointer(start: transaction.keyWord, count: 8)
    try forEach(from: start, in: transaction) { (key, payload) throws(StoreError) in
      guard key.count == 8 else { throw damage(Table.hex(key), "its key has \(key.count) bytes") }
      let number = key.loadUnaligned(as: UInt64.self)
      return number <= range.upperBound ? try body(number, payload) : false
    }
  }

  /// As `forEach`, without the records whose checksums do not match.
  func forEachSound(
    in range: ClosedRange<UInt64>, in transaction: Transaction,
    _ body: (UInt64, UnsafeRawBufferPointer) throws(StoreError) -> Bool
  ) throws(StoreError) {
    transaction.keyWord.pointee = range.lowerBound
    let start = UnsafeRawBufferPointer(start: transaction.keyWord, count: 8)
    try forEach(from: start, verifying: false, in: transaction) { (key, value) throws(StoreError) in
      guard key.count == 8 else { return true }
      let number = key.loadUnaligned(as: UInt64.self)
      guard number <= range.upperBound else { return false }
      guard let payload = payload(of: MDB_val(value), key: key) else { return true }
      return try body(number, payload)
    }
  }

  /// Visits keys in ascending order without looking at values, until `body` returns false.
  func forEachKey(
    from first: UInt64, in transaction: Transaction, _ body: (UInt64) throws(StoreError) -> Bool
  ) throws(StoreError) {
    transaction.keyWord.pointee = first
    let start = UnsafeRawBufferPointer(start: transaction.keyWord, count: 8)
    try forEach(from: start, verifying: false, in: transaction) { (key, _) throws(StoreError) in
      guard key.count == 8 else { throw damage(Table.hex(key), "its key has \(key.count) bytes") }
      return try body(key.loadUnaligned(as: UInt64.self))
    }
  }
}
