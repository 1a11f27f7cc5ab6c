import CLMDB
import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The one write transaction of the environment: all of it is committed, or nothing.
///
/// Bound to the thread that began it; it must not cross an `await`. Aborts when it goes away
/// uncommitted.
package final class WriteTransaction: Transaction {
  private let thread = pthread_self()
  private var holdsHandleLock = false

  init(environment: LMDBEnvironment, seat: Int) {
    super.init(environment: environment, seat: seat, isReadOnly: false)
    epoch = 1
  }

  deinit { abort() }

  /// Commits durably, as the environment's durability has it. The transaction is over afterwards,
  /// whether this succeeds or not.
  ///
  /// - Throws: `outcomeUnknown` if a write or sync failed so that only reopening can tell whether
  ///   the commit survived: the environment must take no more writes. Every other error (`mapFull`,
  ///   `noSpace`, …) means that nothing was committed.
  package func commit() throws(StoreError) {
    let transaction = try open()
    try checkThread()
    guard let environment else { throw endedError }
    closeCursors()
    let code = mdb_txn_commit(transaction)
    // LMDB has freed the transaction, also if it failed: it must never be aborted from here on.
    handle = nil
    defer { leave(environment) }
    if code != 0 { throw commitFailure(code, environment) }
    if environment.options.durability == .full { try environment.flushDrive() }
  }

  /// Undoes everything. Does nothing if the transaction has ended.
  package func abort() {
    guard let environment else { return }
    if environment.isForked {
      self.environment = nil
      return
    }
    if let handle {
      closeCursors()
      mdb_txn_abort(handle)
    }
    handle = nil
    leave(environment)
  }

  /// Takes the lock under which database handles are opened, until this transaction ends.
  func lockHandles() throws(StoreError) {
    guard let environment else { throw endedError }
    if holdsHandleLock { return }
    environment.handleLock.lock()
    holdsHandleLock = true
  }

  private func leave(_ environment: LMDBEnvironment) {
    if holdsHandleLock {
      holdsHandleLock = false
      environment.handleLock.unlock()
    }
    self.environment = nil
    environment.leave(seat: seat)
  }

  private func checkThread() throws(StoreError) {
    if pthread_equal(thread, pthread_self()) == 0 {
      throw StoreError(
        .internalError, "A write transaction must be committed on the thread that began it")
    }
  }

  /// What a failed commit means.
  ///
  /// LMDB writes pages, syncs, writes the meta page. Its own (negative) codes and a full disk before
  /// the meta page leave nothing behind. After an I/O error the system may have dropped pages that
  /// it could not write, and after a failed meta write LMDB refuses all work: both are unknown.
  ///
  /// LMDB says EIO, too, where a disk that becomes full takes only the first part of its pages. They belong to
  /// nothing before the meta page is written.
  private func commitFailure(_ code: Int32, _ environment: LMDBEnvironment) -> StoreError {
    let isFull = code == EIO && environment.isDiskFull
    let cause = StoreError.lmdb(
      "mdb_txn_commit", isFull ? ENOSPC : code, at: environment.location)
    let isHarmless = code < 0 || code == ENOSPC || code == EDQUOT || code == ENOMEM || isFull
    if code != MDB_PANIC, isHarmless, !environment.hasFatalError { return cause }
    return StoreError(
      .outcomeUnknown, "A commit failed, and it is not known whether it survived",
      at: environment.location, cause: cause.description,
      remedy: "Close the store and open it again; then look whether the data is there")
  }
}

extension LMDBEnvironment {
  /// Begins the write transaction; waits for the one that is open in another thread.
  package func beginWrite() throws(StoreError) -> WriteTransaction {
    if options.readOnly {
      throw StoreError(.readOnly, "The store was opened for reading only", at: location)
    }
    var attempts = 0
    while true {
      try checkUsable()
      let seat: Int
      switch gate.enter(reusing: false) {
      case .seat(let free): seat = free
      case .timedOut: throw resizingError
      case .closed, .reuse: throw closedError
      }
      let transaction = WriteTransaction(environment: self, seat: seat)
      let code = mdb_txn_begin(handle, nil, 0, &transaction.handle)
      if code == 0 { return transaction }
      transaction.handle = nil
      transaction.abort()
      try recover(from: code, attempts: &attempts, call: "mdb_txn_begin")
    }
  }

  /// Runs `body` in a write transaction, commits if it returns and aborts if it throws.
  package func write<Result>(
    _ body: (WriteTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let transaction = try beginWrite()
    let result: Result
    do {
      result = try body(transaction)
    } catch {
      transaction.abort()
      throw error
    }
    try transaction.commit()
    return result
  }

  /// Runs `body` in a read transaction.
  package func read<Result>(
    _ body: (ReadTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let transaction = try beginRead()
    defer { transaction.end() }
    return try body(transaction)
  }

  /// Whether the volume has no room for even a few pages. Where an earlier commit may not be synced yet, a full disk
  /// does not rule out that a sync has failed.
  fileprivate var isDiskFull: Bool {
    guard options.durability == .full, let free = try? PosixFileSystem().freeSpace(path) else {
      return false
    }
    return free < 64 << 10
  }

  /// Whether LMDB has given up after a failed write of its meta page: it then begins nothing.
  var hasFatalError: Bool {
    var probe: OpaquePointer?
    let code = mdb_txn_begin(handle, nil, UInt32(MDB_RDONLY), &probe)
    if let probe, code == 0 { mdb_txn_abort(probe) }
    return code == MDB_PANIC
  }
}
