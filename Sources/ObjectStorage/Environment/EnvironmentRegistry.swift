import StorageIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The environments that are open in this process.
///
/// Opening one LMDB file twice in a process, or even closing a second descriptor of it, drops the
/// locks of the first: so a second open is refused. Directories and data files are known by device
/// and inode, because paths may alias.
enum EnvironmentRegistry {
  /// A file or directory, whatever path leads to it.
  struct FileIdentity: Hashable {
    var device: UInt64
    var inode: UInt64

    /// Looks a path up without opening it; nil if there is nothing.
    init?(path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt64(truncatingIfNeeded: status.st_dev)
      inode = UInt64(truncatingIfNeeded: status.st_ino)
    }
  }

  private static let open = ConditionLock<[FileIdentity: String]>([:])

  /// Claims a directory, and its data file if there is one; throws `locked` if either is open.
  static func claim(_ directory: String) throws(StoreError) -> [FileIdentity] {
    guard let identity = FileIdentity(path: directory) else {
      throw StoreError.system("stat", errno: errno, at: .init(path: directory))
    }
    var identities = [identity]
    if let data = FileIdentity(path: directory + "/data.mdb") { identities.append(data) }
    let holder = open.withLock { table -> String? in
      for identity in identities {
        if let path = table[identity] { return path }
      }
      for identity in identities { table[identity] = directory }
      return nil
    }
    if let holder { throw isOpen(directory, as: holder) }
    return identities
  }

  /// The error of a second open, if the directory is open; nil if it is not.
  static func conflict(_ directory: String) -> StoreError? {
    let identities = [directory, directory + "/data.mdb"].compactMap { FileIdentity(path: $0) }
    let holder = open.withLock { table in identities.compactMap { table[$0] }.first }
    return holder.map { isOpen(directory, as: $0) }
  }

  private static func isOpen(_ directory: String, as holder: String) -> StoreError {
    StoreError(
      .locked, "The store is open in this process already", at: .init(path: directory),
      cause: "opened as \(holder)", remedy: "Use the handle that is open, or close it first")
  }

  /// Exchanges the claim for one of the data file alone, which exists now. Its inode cannot be given to
  /// another file while it is open; that of a directory can, once somebody has removed it.
  static func narrow(
    _ identities: [FileIdentity], toDataFileOf directory: String
  ) -> [FileIdentity] {
    guard let data = FileIdentity(path: directory + "/data.mdb") else { return identities }
    open.withLock { table in
      table[data] = directory
      for identity in identities where identity != data { table[identity] = nil }
    }
    return [data]
  }

  /// Gives up a claim, closing the files first: the inode of one that was unlinked meanwhile is free from that
  /// moment on, and whoever gets it must not be taken for a second opener.
  static func release(_ identities: [FileIdentity], closing close: () -> Void = {}) {
    open.withLock { table in
      close()
      for identity in identities { table[identity] = nil }
    }
  }
}
