import CLMDB
import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension StoreError {
  /// The error for a code that LMDB returned: its own codes are negative, the system's positive.
  static func lmdb(_ call: String, _ code: Int32, at location: Location) -> StoreError {
    if code > 0 { return .system(call, errno: code, at: location) }
    let cause = "\(call): \(String(cString: mdb_strerror(code)))"
    let (kind, message, remedy) = explanation(of: code)
    return StoreError(kind, message, at: location, cause: cause, remedy: remedy)
  }

  private static func explanation(of code: Int32) -> (Code, String, String?) {
    switch code {
    case MDB_MAP_FULL:
      return (.mapFull, "The LMDB map is full", "Grow the map, or delete objects")
    case MDB_MAP_RESIZED:
      return (
        .mapFull, "Another process has grown the LMDB map",
        "End the snapshots of this process, so that it can map the file anew"
      )
    case MDB_READERS_FULL:
      return (
        .limitExceeded, "All slots for read transactions are taken",
        "Close snapshots, or open the store with more reader slots when no process has it open"
      )
    case MDB_DBS_FULL:
      return (
        .limitExceeded, "Too many collections were opened",
        "Reopen the store, or open it with a higher limit of databases"
      )
    case MDB_TXN_FULL:
      return (.limitExceeded, "The transaction changes too many pages", "Write smaller batches")
    // What LMDB says where a page leads it astray: a loop makes a tree too deep, a changed record of a database
    // another kind of database, and after any of these the transaction is refused.
    case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_BAD_TXN, MDB_CURSOR_FULL, MDB_INCOMPATIBLE:
      return (
        .corruption, "The LMDB file is damaged",
        "Run `seamstone verify --deep` on the store; restore a backup"
      )
    case MDB_INVALID:
      return (.foreignFile, "The file is not an LMDB database", nil)
    case MDB_VERSION_MISMATCH:
      return (
        .formatTooNew, "The LMDB file has another format version",
        "Use the version of liblmdb that wrote it"
      )
    case MDB_PANIC:
      return (.poisoned, "An earlier write of LMDB failed", "Close the store and open it again")
    case MDB_BAD_VALSIZE:
      return (.invalidArgument, "A key or value has a size that LMDB does not take", nil)
    case MDB_NOTFOUND:
      return (.notFound, "Not found", nil)
    default:
      return (.internalError, "LMDB refused a call", nil)
    }
  }
}
