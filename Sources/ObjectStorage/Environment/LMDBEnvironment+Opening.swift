import CLMDB
import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension LMDBEnvironment {
  /// The error that opening a directory would end with because it is open in this process; nil if it is not.
  package static func conflictInThisProcess(_ directory: String) -> StoreError? {
    EnvironmentRegistry.conflict(directory)
  }

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
      throw .onNetwork(kind, at: location)
    }
    // LMDB writes its table of readers through a mapping: 64 bytes for each and 192 for the head.
    try PosixFileSystem.reserve(directory + "/lock.mdb", length: 64 * (options.maxReaders + 2))
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
      if try !readsAhead(directory, options) { flags |= UInt32(MDB_NORDAHEAD) }
      try check(mdb_env_open(handle, directory, flags, 0o644), "mdb_env_open", location)
      try keepFromChildren(handle, location)
      return (handle, try inspect(handle, location))
    } catch {
      mdb_env_close(handle)  // LMDB asks for this after a failed open, too
      throw error
    }
  }

  /// Programs that this process starts must not inherit the data file: they could write it, and they would hold its
  /// volume. LMDB marks only its other files so.
  private static func keepFromChildren(
    _ handle: OpaquePointer, _ location: StoreError.Location
  ) throws(StoreError) {
    let descriptor = try dataDescriptor(handle, location)
    let flags = fcntl(descriptor, F_GETFD)
    guard flags >= 0, fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) == 0 else {
      throw .system("fcntl", errno: errno, at: location)
    }
  }

  private static func dataDescriptor(
    _ handle: OpaquePointer, _ location: StoreError.Location
  ) throws(StoreError) -> mdb_filehandle_t {
    var descriptor: mdb_filehandle_t = 0
    try check(mdb_env_get_fd(handle, &descriptor), "mdb_env_get_fd", location)
    return descriptor
  }

  private static func readsAhead(
    _ directory: String, _ options: EnvironmentOptions
  ) throws(StoreError) -> Bool {
    if let wanted = options.readAhead { return wanted }
    let path = directory + "/data.mdb"
    let files = PosixFileSystem()
    guard let memory = SystemMemory.limit(), try files.exists(path) else { return true }
    return try files.length(path) <= memory / 2
  }

  /// Frees slots of dead readers, refuses a file that lost pages, and returns the page size.
  private static func inspect(
    _ handle: OpaquePointer, _ location: StoreError.Location
  ) throws(StoreError) -> Int {
    var dead: Int32 = 0
    try check(mdb_reader_check(handle, &dead), "mdb_reader_check", location)
    var statistics = MDB_stat()
    try check(mdb_env_stat(handle, &statistics), "mdb_env_stat", location)
    let pageSize = Int(statistics.ms_psize)
    try checkPages(handle, pageSize: pageSize, walking: false, location)
    return pageSize
  }

  /// Walks all trees if the file is shorter than LMDB's last page number says, or if `walking`.
  static func checkPages(
    _ handle: OpaquePointer, pageSize: Int, walking: Bool, _ location: StoreError.Location
  ) throws(StoreError) {
    // Two commits of another process replace both meta pages, that of the version at hand included.
    for _ in 0..<100 where try walkPages(handle, pageSize: pageSize, walking: walking, location) {
      return
    }
    throw StoreError(
      .corruption, "The LMDB file has no meta page of its newest version", at: location,
      remedy: "Run `seamstone repair` on the store, or restore a backup")
  }

  /// Answers whether the version at hand stayed there long enough for its meta page to be read.
  private static func walkPages(
    _ handle: OpaquePointer, pageSize: Int, walking: Bool, _ location: StoreError.Location
  ) throws(StoreError) -> Bool {
    var begun: OpaquePointer?
    try check(
      mdb_txn_begin(handle, nil, UInt32(MDB_RDONLY), &begun), "mdb_txn_begin", location)
    guard let transaction = begun else { return true }
    defer { mdb_txn_abort(transaction) }
    var information = MDB_envinfo()
    try check(mdb_env_info(handle, &information), "mdb_env_info", location)
    let descriptor = try dataDescriptor(handle, location)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .system("fstat", errno: errno, at: location)
    }
    let length = Int(status.st_size)
    guard walking || length / pageSize <= information.me_last_pgno else { return true }
    let number = UInt64(truncatingIfNeeded: mdb_txn_id(transaction))
    if number == 0 { return true }  // nothing was ever committed
    return try PageWalk.check(
      descriptor: descriptor, length: length, pageSize: pageSize, transactionID: number,
      location: location)
  }

  private static func check(
    _ code: Int32, _ call: String, _ location: StoreError.Location
  ) throws(StoreError) {
    if code != 0 { throw .lmdb(call, code, at: location) }
  }
}
