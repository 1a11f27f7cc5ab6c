import CLMDB
import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension LMDBEnvironment {
  /// The transactions open in this process.
  package var transactionLoad: TransactionLoad { gate.load }

  /// Frees the reader slots of processes that died; returns how many there were. Their old pages
  /// could not be reused until then.
  @discardableResult
  package func clearStaleReaders() throws(StoreError) -> Int {
    try checkUsable()
    var dead: Int32 = 0
    let code = mdb_reader_check(handle, &dead)
    if code != 0 { throw .lmdb("mdb_reader_check", code, at: location) }
    return Int(dead)
  }

  /// Brings all commits to the disk; of use after commits with `.relaxed` durability.
  package func sync() throws(StoreError) {
    try checkUsable()
    let code = mdb_env_sync(handle, 1)
    if code != 0 {
      throw StoreError(
        .outcomeUnknown, "Syncing the store failed", at: location,
        cause: StoreError.lmdb("mdb_env_sync", code, at: location).description,
        remedy: "Close the store and open it again")
    }
    try flushDrive()
  }

  /// On Apple systems `fsync`, which LMDB uses, leaves data in the drive's cache; this empties it.
  func flushDrive() throws(StoreError) {
    #if canImport(Darwin)
      var descriptor: mdb_filehandle_t = 0
      let code = mdb_env_get_fd(handle, &descriptor)
      if code != 0 { throw .lmdb("mdb_env_get_fd", code, at: location) }
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
      if errno == ENOTSUP || errno == ENOTTY || errno == EINVAL { return }
      throw StoreError(
        .outcomeUnknown, "Flushing the drive failed", at: location,
        cause: StoreError.system("fcntl(F_FULLFSYNC)", errno: errno, at: location).description,
        remedy: "Close the store and open it again")
    #endif
  }

  /// Reads every page of the newest version that is part of a tree, without mapping it, and throws
  /// `corruption` if the structure does not hold. Checksums of values are another matter: reading
  /// them verifies them.
  package func verifyStructure() throws(StoreError) {
    try read { (_) throws(StoreError) in  // keeps the environment open meanwhile
      try LMDBEnvironment.checkPages(handle, pageSize: pageSize, walking: true, location)
    }
  }

  /// Sizes of the file and of its parts.
  package func statistics() throws(StoreError) -> EnvironmentStatistics {
    let transaction = try beginRead()
    defer { transaction.end() }
    var information = MDB_envinfo()
    mdb_env_info(handle, &information)
    return EnvironmentStatistics(
      pageSize: pageSize, mapSize: information.me_mapsize,
      usedPages: information.me_last_pgno + 1, freePages: try transaction.freePages(),
      lastTransactionID: UInt64(information.me_last_txnid),
      readers: Int(information.me_numreaders))
  }

  /// Writes a consistent copy of the environment to `directory`, which must exist and be empty. Others go on
  /// writing meanwhile; the map cannot grow until it ends. The copy is not synced.
  /// Pages that nothing uses are left out if `compacting`.
  package func copy(to directory: String, compacting: Bool) throws(StoreError) {
    // The open transaction keeps the map where it is.
    try read { (_) throws(StoreError) in
      let code = mdb_env_copy2(handle, directory, compacting ? UInt32(MDB_CP_COMPACT) : 0)
      if code != 0 { throw .lmdb("mdb_env_copy2", code, at: .init(path: directory)) }
    }
  }
}

/// Sizes of an LMDB file.
package struct EnvironmentStatistics: Sendable {
  /// Bytes per page.
  package var pageSize: Int
  /// Bytes of the map.
  package var mapSize: Int
  /// Pages up to the last one in use.
  package var usedPages: Int
  /// Pages among them that can be reused.
  package var freePages: Int
  /// The last committed transaction.
  package var lastTransactionID: UInt64
  /// Reader slots in use, those of dead processes included.
  package var readers: Int
}
