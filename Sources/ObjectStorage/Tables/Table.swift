import CLMDB
import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One open LMDB database whose values end in a CRC32C bound to database and key.
///
/// The checksum runs over the table's name, the key and the payload, in this order, so a value that
/// surfaces under another key or in another table is found out as well as a flipped bit.
package struct Table: Sendable {
  let handle: MDB_dbi
  /// The checksum of the name; every value's checksum goes on from here.
  let seed: UInt32
  let place: Place

  /// Where the table is, for messages.
  final class Place: Sendable {
    let path: String
    let name: String

    init(path: String, name: String) {
      self.path = path
      self.name = name
    }
  }

  /// Bytes that the checksum adds to a value.
  static let checksumSize = 4

  init(handle: MDB_dbi, name: String, path: String) {
    self.handle = handle
    place = Place(path: path, name: name)
    seed = Table.seed(of: name)
  }

  /// The checksum of a name, where the checksums of a table's values start.
  static func seed(of name: String) -> UInt32 {
    var name = name
    return name.withUTF8 { RecordChecksum.extend(0, UnsafeRawBufferPointer($0)) }
  }

  /// Opens a database in a transaction, making it if `create`.
  static func open(
    _ name: String, integerKeys: Bool, create: Bool, in transaction: OpaquePointer, path: String
  ) throws(StoreError) -> Table {
    var flags: UInt32 = 0
    if integerKeys { flags |= UInt32(MDB_INTEGERKEY) }
    if create { flags |= UInt32(MDB_CREATE) }
    var handle: MDB_dbi = 0
    let code = mdb_dbi_open(transaction, name, flags, &handle)
    if code != 0 {
      throw .lmdb("mdb_dbi_open", code, at: .init(path: path + "/data.mdb", section: name))
    }
    return Table(handle: handle, name: name, path: path + "/data.mdb")
  }

  var location: StoreError.Location { .init(path: place.path, section: place.name) }

  /// The error for an LMDB code; `key` names the record.
  @inline(never)
  func failure(_ call: String, _ code: Int32, _ key: String?) -> StoreError {
    if code == EINVAL || code == MDB_BAD_DBI {
      return StoreError(
        .notFound, "The collection does not exist in the version that this transaction sees",
        at: location, cause: call)
    }
    var error = StoreError.lmdb(call, code, at: location)
    if let key { error.message += ", key \(key)" }
    return error
  }

  /// The error for a value whose bytes are not what was written.
  @inline(never)
  func damage(_ key: String, _ what: String) -> StoreError {
    StoreError(
      .corruption, "The value of key \(key) is damaged: \(what)", at: location,
      remedy: "Write the object again, or restore a backup; verify lists all damaged values")
  }
}
