import CLMDB
import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension LMDBEnvironment {
  /// Creates and opens LMDB's environment; returns it with the page size of its file.
  static func openHandle(
    _ directory: String, _ options: EnvironmentOptions
  ) throws(StoreError) -> (handle: OpaquePointer, pageSize: Int) {
    let location = StoreError.Location(path: directory + "/data.mdb")
    if options.mapSize <= 0 || options.maxReaders <= 0 || options.maxDatabases <= 0 {
      throw StoreError(
        .invalidArgument, "Map size, reader slots and databases must be positive", at: location)
    }
    if !options.allowsNetworkFileSystem,
      let kind = try PosixFileSystem().networkFileSystem(directory)
    {
      throw StoreError(
        .notSupported, "The store lies on a network file system (\(kind))", at: location,
        cause: "LMDB's locks and maps do not work there", remedy: "Move the store to a local disk")
    }
    var created: OpaquePointer?
    let code = mdb_env_create(&created)
    guard code == 0, let handle = created else { throw .lmdb("mdb_env_create", code, at: location) }
    do throws(StoreError) {
      let page = max(4096, Int(sysconf(Int32(_SC_PAGESIZE))))
      let size = (options.mapSize / page + (options.mapSize % page == 0 ? 0 : 1)) * page
      try check(mdb_env_set_mapsize(handle, size), "mdb_env_set_mapsize", location)
      try check(
        mdb_env_set_maxreaders(handle, UInt32(clamping: options.maxReaders)),
        "mdb_env_set_maxreaders", location)
      try check(
        mdb_env_set_maxdbs(handle, UInt32(clamping: options.maxDatabases)), "mdb_env_set_maxdbs",
        location)
      var flags = UInt32(MDB_NOTLS)
      if options.durability == .relaxed { flags |= UInt32(MDB_NOMETASYNC) }
      if options.readOnly { flags |= UInt32(MDB_RDONLY) }
      if !options.readAhead { flags |= UInt32(MDB_NORDAHEAD) }
      try check(mdb_env_open(handle, directory, flags, 0o644), "mdb_env_open", location)
      return (handle, try inspect(handle, location))
    } catch {
      mdb_env_close(handle)  // LMDB asks for this after a failed open, too
      throw error
    }
  }

  /// Frees slots of dead readers and returns the page size of the file.
  private static func inspect(
    _ handle: OpaquePointer, _ location: StoreError.Location
  ) throws(StoreError) -> Int {
    var dead: Int32 = 0
    try check(mdb_reader_check(handle, &dead), "mdb_reader_check", location)
    var statistics = MDB_stat()
    try check(mdb_env_stat(handle, &statistics), "mdb_env_stat", location)
    return Int(statistics.ms_psize)
  }

  private static func check(
    _ code: Int32, _ call: String, _ location: StoreError.Location
  ) throws(StoreError) {
    if code != 0 { throw .lmdb(call, code, at: location) }
  }
}
