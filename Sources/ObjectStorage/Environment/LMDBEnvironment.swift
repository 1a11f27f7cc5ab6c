import CLMDB
import StorageIO
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One open LMDB environment: the file that holds objects, originals, deletes and the manifest.
///
/// It keeps LMDB's rules: one open per process and file, no use after a fork, no thread-local
/// read slots, no write map, and a map that grows only while no transaction is open. Transactions
/// hold the environment, so it is never closed beneath them.
package final class LMDBEnvironment: Sendable {
  /// The directory of `data.mdb` and `lock.mdb`.
  package let path: String
  /// What it was opened with.
  package let options: EnvironmentOptions
  /// Bytes per page of this file. It stays that of the machine that made the file.
  package let pageSize: Int
  /// Whether the file's pages are as large as the system's, so that they are aligned in memory.
  let hasSystemPages: Bool

  // LMDB's environment may be used from any thread; an OpaquePointer just does not say so.
  nonisolated(unsafe) let handle: OpaquePointer
  let gate: TransactionGate
  let handleLock = HandleLock()
  private let generation: UInt64
  private let identities: ConditionLock<[EnvironmentRegistry.FileIdentity]>
  private let isBroken = Atomic<Bool>(false)
  private let isClosed = Atomic<Bool>(false)

  private init(
    path: String, options: EnvironmentOptions, handle: OpaquePointer, pageSize: Int,
    identities: [EnvironmentRegistry.FileIdentity], generation: UInt64
  ) {
    self.path = path
    self.options = options
    self.handle = handle
    self.pageSize = pageSize
    hasSystemPages = pageSize == Int(getpagesize())
    self.generation = generation
    self.identities = ConditionLock(identities)
    gate = TransactionGate()
  }

  deinit { destroy() }

  /// Opens the environment in `directory`, creating its files if it is writable and they are missing.
  ///
  /// - Throws: `locked` if this process has it open; `notSupported` on network file systems;
  ///   `foreignFile`, `formatTooNew` or `corruption` if the file is not what it should be.
  package static func open(
    directory: String, options: EnvironmentOptions = EnvironmentOptions()
  ) throws(StoreError) -> LMDBEnvironment {
    let generation = ForkGuard.install()
    var identities = try EnvironmentRegistry.claim(directory)
    do throws(StoreError) {
      let (handle, pageSize) = try openHandle(directory, options)
      identities = EnvironmentRegistry.narrow(identities, toDataFileOf: directory)
      return LMDBEnvironment(
        path: directory, options: options, handle: handle, pageSize: pageSize,
        identities: identities, generation: generation)
    } catch {
      EnvironmentRegistry.release(identities)
      throw error
    }
  }

  /// Refuses new transactions, waits for the open ones, and closes the files.
  ///
  /// - Throws: `locked`, naming their number and age, if transactions are still open after
  ///   `seconds`. The last of them to end then closes the files; the directory can be opened again from
  ///   that moment on.
  package func close(waiting seconds: Double = 5) throws(StoreError) {
    if isForked { return }
    if let load = gate.close(waiting: UInt64(max(0, seconds) * 1e9)) {
      throw StoreError(
        .locked, "\(load.open) transactions are still open", at: location,
        cause: "the oldest began \(load.ageText) ago", remedy: "Close the snapshots first")
    }
    destroy()
  }

  /// A transaction has ended and is destroyed. The last one of a closed environment closes the files.
  func leave(seat: Int) {
    if gate.leave(seat: seat) { destroy() }
  }

  /// Closes the handle, once; whoever comes second returns when that is done. In a forked child nothing is
  /// touched: it belongs to the parent.
  func destroy() {
    if isForked { return }
    identities.withLock { claimed in
      if claimed.isEmpty { return }
      isClosed.store(true, ordering: .relaxed)
      for transaction in gate.drainPool() { transaction.destroyPooled() }
      EnvironmentRegistry.release(claimed) { mdb_env_close(handle) }
      claimed = []
    }
  }

  var location: StoreError.Location { .init(path: path + "/data.mdb") }

  /// Whether this process is a fork of the one that opened the environment.
  var isForked: Bool { ForkGuard.generation != generation }

  /// Throws in a forked child, after closing, and after the map was lost.
  func checkUsable() throws(StoreError) {
    if isForked {
      throw StoreError(
        .notSupported, "The store was opened before a fork and cannot be used in the child",
        at: location, remedy: "Open the store in the child process")
    }
    if isClosed.load(ordering: .relaxed) { throw closedError }
    if isBroken.load(ordering: .relaxed) {
      throw StoreError(
        .poisoned, "The LMDB map was lost when it was resized", at: location,
        remedy: "Close the store and open it again")
    }
  }

  func markBroken() { isBroken.store(true, ordering: .relaxed) }

  var closedError: StoreError {
    StoreError(.closed, "The store is closed", at: location)
  }
}

extension TransactionLoad {
  /// The age for messages, in seconds with one decimal.
  package var ageText: String { "\((oldestAge * 10).rounded() / 10) s" }
}
