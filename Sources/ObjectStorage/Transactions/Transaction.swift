import CLMDB
import StorageIO

/// What read and write transactions have in common: LMDB's transaction, its cursors, and scratch
/// memory that is allocated once, so that reading in a reused transaction allocates nothing.
///
/// A transaction is used by one thread at a time.
package class Transaction {
  final let seat: Int
  /// Whether the pages it sees cannot change while it is open.
  final let isReadOnly: Bool
  /// The environment while the transaction is open. Nil afterwards, so that pooled transactions do
  /// not keep it alive.
  final var environment: LMDBEnvironment?
  final var handle: OpaquePointer?

  /// One cursor per database handle, opened when first needed.
  private final let cursors: UnsafeMutablePointer<OpaquePointer?>
  /// The epoch in which each cursor was last made valid.
  private final let cursorEpochs: UnsafeMutablePointer<UInt64>
  private final let cursorCapacity: Int
  final var epoch: UInt64 = 0

  /// Eight aligned bytes for the key of an integer-keyed call.
  final let keyWord: UnsafeMutablePointer<UInt64>
  /// Places of parts found before they are read; see `VectorTable`.
  final let places: UnsafeMutablePointer<UnsafeRawBufferPointer>
  static let placeCapacity = 256
  /// Where the descents of a group are; see `VectorTable.locateGroup`.
  final let slots: UnsafeMutablePointer<PageTree.Slot?>
  static let slotCapacity = 32

  init(environment: LMDBEnvironment, seat: Int, isReadOnly: Bool) {
    self.isReadOnly = isReadOnly
    self.environment = environment
    self.seat = seat
    cursorCapacity = environment.options.maxDatabases + 2
    cursors = .allocate(capacity: cursorCapacity)
    cursors.initialize(repeating: nil, count: cursorCapacity)
    cursorEpochs = .allocate(capacity: cursorCapacity)
    cursorEpochs.initialize(repeating: 0, count: cursorCapacity)
    keyWord = .allocate(capacity: 1)
    keyWord.initialize(to: 0)
    places = .allocate(capacity: Transaction.placeCapacity)
    places.initialize(
      repeating: UnsafeRawBufferPointer(start: nil, count: 0), count: Transaction.placeCapacity)
    slots = .allocate(capacity: Transaction.slotCapacity)
    slots.initialize(repeating: nil, count: Transaction.slotCapacity)
  }

  deinit {
    cursors.deallocate()
    cursorEpochs.deallocate()
    keyWord.deallocate()
    places.deallocate()
    slots.deallocate()
  }

  /// Reading: the version it sees. Writing: the version it makes.
  package final var transactionID: UInt64 {
    handle.map { UInt64(truncatingIfNeeded: mdb_txn_id($0)) } ?? 0
  }

  /// LMDB's transaction; throws if it has ended.
  @inline(__always)
  final func open() throws(StoreError) -> OpaquePointer {
    guard let handle, environment != nil else { throw endedError }
    return handle
  }

  /// The cursor of a database, valid in this transaction.
  @inline(__always)
  final func cursor(_ table: Table) throws(StoreError) -> OpaquePointer {
    let index = Int(table.handle)
    if index < cursorCapacity, cursorEpochs[index] == epoch, let cursor = cursors[index] {
      return cursor
    }
    return try makeCursor(table)
  }

  @inline(never)
  private final func makeCursor(_ table: Table) throws(StoreError) -> OpaquePointer {
    let transaction = try open()
    let index = Int(table.handle)
    guard index < cursorCapacity else { throw table.failure("mdb_cursor_open", MDB_BAD_DBI, nil) }
    if let cursor = cursors[index] {
      let code = mdb_cursor_renew(transaction, cursor)
      if code != 0 { throw table.failure("mdb_cursor_renew", code, nil) }
      cursorEpochs[index] = epoch
      return cursor
    }
    var opened: OpaquePointer?
    let code = mdb_cursor_open(transaction, table.handle, &opened)
    guard code == 0, let opened else { throw table.failure("mdb_cursor_open", code, nil) }
    cursors[index] = opened
    cursorEpochs[index] = epoch
    return opened
  }

  /// Closes all cursors, which must happen before the transaction is destroyed.
  final func closeCursors() {
    for index in 0..<cursorCapacity {
      if let cursor = cursors[index] { mdb_cursor_close(cursor) }
      cursors[index] = nil
      cursorEpochs[index] = 0
    }
  }

  final var endedError: StoreError {
    StoreError(.closed, "The transaction has ended")
  }

  /// Pages that no version uses any more, or that only open snapshots use.
  final func freePages() throws(StoreError) -> Int {
    let transaction = try open()
    var opened: OpaquePointer?
    let code = mdb_cursor_open(transaction, 0, &opened)  // database 0 lists the free pages
    guard code == 0, let cursor = opened else {
      throw .lmdb("mdb_cursor_open", code, at: .init(path: environment?.path ?? ""))
    }
    defer { mdb_cursor_close(cursor) }
    var key = MDB_val()
    var value = MDB_val()
    var pages = 0
    while mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0 {
      // A list says its length, and then the numbers of that many pages.
      let word = MemoryLayout<UInt>.size
      guard value.mv_size >= word, let data = value.mv_data,
        case let count = data.loadUnaligned(as: UInt.self), count < value.mv_size / word
      else {
        throw StoreError(
          .corruption, "The list of free pages in the LMDB file is damaged",
          at: .init(path: (environment?.path ?? "") + "/data.mdb"),
          remedy: "Run `seamstone verify --deep` on the store; restore a backup")
      }
      pages += Int(count)
    }
    return pages
  }
}
