import CLMDB
import StorageIO

/// One committed version of the whole environment, for as long as the transaction is open.
///
/// Ended transactions are kept and renewed: beginning one costs a lock and a few loads. May be handed
/// from thread to thread (`MDB_NOTLS`), but is used by one at a time; hence unchecked.
package final class ReadTransaction: Transaction, @unchecked Sendable {
  init(environment: LMDBEnvironment, seat: Int) {
    super.init(environment: environment, seat: seat, isReadOnly: true)
  }

  deinit {
    guard let environment else { return }
    destroyOpen(in: environment)
  }

  /// Begins the LMDB transaction of a new object.
  func start(in environment: LMDBEnvironment) -> Int32 {
    let code = mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &handle)
    if code != 0 { handle = nil }
    epoch &+= 1
    return code
  }

  /// Begins again on the newest version.
  func renew(in environment: LMDBEnvironment) -> Int32 {
    guard let handle else { return start(in: environment) }
    epoch &+= 1
    return mdb_txn_renew(handle)
  }

  /// Ends the transaction. Pointers obtained from it are invalid from here on; ending twice does
  /// nothing.
  package func end() {
    guard let environment else { return }
    if environment.isForked {
      self.environment = nil
      return
    }
    guard let handle else { return destroyOpen(in: environment) }
    mdb_txn_reset(handle)
    self.environment = nil
    if environment.gate.leave(seat: seat, keeping: self) { return }
    destroyHandle()
    environment.leave(seat: seat)
  }

  /// Ends without keeping anything, after a failure or when the object goes away.
  func destroyOpen(in environment: LMDBEnvironment) {
    self.environment = nil
    if environment.isForked { return }
    destroyHandle()
    environment.leave(seat: seat)
  }

  /// Runs `body`, which opens database handles, on the LMDB transaction and commits it: aborting or
  /// resetting would close the handles again. The object is spent afterwards and begins anew when
  /// it is next used.
  func publishingHandles<Result>(
    _ body: (OpaquePointer) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let raw = try open()
    let result = try body(raw)
    closeCursors()
    let code = mdb_txn_commit(raw)
    handle = nil
    if code != 0, let environment {
      throw .lmdb("mdb_txn_commit", code, at: environment.location)
    }
    return result
  }

  /// Destroys a transaction that was kept for reuse, before the environment is closed.
  func destroyPooled() { destroyHandle() }

  private func destroyHandle() {
    closeCursors()
    if let handle { mdb_txn_abort(handle) }
    handle = nil
  }
}

extension LMDBEnvironment {
  /// Begins a read transaction on the newest committed version.
  ///
  /// - Throws: `limitExceeded` if no reader slot is free, `mapFull` if another process has grown the
  ///   map and open transactions keep this one from following.
  package func beginRead() throws(StoreError) -> ReadTransaction {
    var attempts = 0
    while true {
      try checkUsable()
      let transaction: ReadTransaction
      let code: Int32
      switch gate.enter(reusing: true) {
      case .reuse(let pooled):
        transaction = pooled
        transaction.environment = self
        code = transaction.renew(in: self)
      case .seat(let seat):
        transaction = ReadTransaction(environment: self, seat: seat)
        code = transaction.start(in: self)
      case .closed: throw closedError
      case .timedOut: throw resizingError
      }
      if code == 0 { return transaction }
      transaction.destroyOpen(in: self)
      try recover(from: code, attempts: &attempts, call: "mdb_txn_begin")
    }
  }

  /// Does what lets a failed begin succeed when tried again, or throws.
  func recover(
    from code: Int32, attempts: inout Int, call: String
  ) throws(StoreError) {
    attempts += 1
    if attempts > 3 { throw .lmdb(call, code, at: location) }
    switch code {
    case MDB_MAP_RESIZED:
      try adoptMapSize()
    case MDB_READERS_FULL:
      for pooled in gate.drainPool() {
        pooled.destroyPooled()
        gate.release(seat: pooled.seat)
      }
      try clearStaleReaders()
    default:
      throw .lmdb(call, code, at: location)
    }
  }

  var resizingError: StoreError {
    StoreError(
      .mapFull, "The LMDB map is being resized and other transactions do not end", at: location,
      remedy: "Close the snapshots and try again")
  }
}
