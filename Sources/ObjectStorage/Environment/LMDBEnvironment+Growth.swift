import CLMDB
import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension LMDBEnvironment {
  /// The size of the map in bytes.
  package var mapSize: Int {
    if (try? checkUsable()) == nil { return 0 }
    var information = MDB_envinfo()
    return mdb_env_info(handle, &information) == 0 ? information.me_mapsize : 0
  }

  /// Grows the map to at least `size` bytes, waiting up to `seconds` for open transactions to end.
  /// Call it outside any transaction; a smaller size changes nothing.
  ///
  /// - Throws: `mapFull`, naming number and age of the open transactions, if they did not end in
  ///   time; `poisoned` if the system could not map the file again.
  package func grow(to size: Int, waiting seconds: Double = 5) throws(StoreError) {
    try checkUsable()
    let pages = max(0, size) / pageSize
    let rounded =
      (pages == Int.max / pageSize || size % pageSize == 0 ? pages : pages + 1) * pageSize
    try resize(to: rounded, waiting: seconds)
  }

  /// Takes over the size that another process gave the map.
  func adoptMapSize() throws(StoreError) { try resize(to: 0, waiting: 5) }

  /// Sets the size while no transaction is open; 0 takes the one stored in the file.
  private func resize(to size: Int, waiting seconds: Double) throws(StoreError) {
    var code: Int32 = 0
    // A thread that holds one transaction may need a second one to get on: the gate is shut for ever
    // longer stretches of the time, with gaps between them, not for all of it.
    var left = max(0, min(seconds, 1e9))
    var stretch = 0.1
    var blocked: TransactionLoad?
    repeat {
      let wait = min(stretch, left)
      blocked = gate.whileEmpty(waiting: UInt64(wait * 1e9)) {
        if size == 0 || size > mapSize { code = mdb_env_set_mapsize(handle, size) }
      }
      left -= wait
      stretch *= 2
      if gate.closing.isClosed { break }
      if blocked != nil, left > 0 { usleep(2_000) }
    } while blocked != nil && left > 0
    let closing = gate.closing
    if closing.isClosed {
      // The last transaction ended while the gate was shut, and left closing the files to this call.
      if closing.isDeserted { destroy() }
      throw closedError
    }
    if let load = blocked {
      throw StoreError(
        .mapFull, "The LMDB map (\(mapSize) bytes) cannot grow while transactions are open",
        at: location, cause: "\(load.open) open, the oldest began \(load.ageText) ago",
        remedy: "Close the snapshots, or open the store with a larger map")
    }
    if code != 0 {
      markBroken()
      throw StoreError(
        .poisoned, "The LMDB map could not be resized to \(size) bytes", at: location,
        cause: StoreError.lmdb("mdb_env_set_mapsize", code, at: location).description,
        remedy: "Close the store and open it again with a smaller map")
    }
  }
}
