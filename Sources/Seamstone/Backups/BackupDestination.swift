import StorageIO

/// Decides whether a backup may be written to a directory.
struct BackupDestination {
  let fileSystem: any FileSystem
  let paths: BackupPaths
  /// The store's directory.
  let source: String

  /// Makes the directory a backup, unless it is one; refuses one inside the store, and one that holds anything else.
  func prepare() throws(StoreError) {
    try requireOutside()
    let marker = BackupMarker(fileSystem: fileSystem, paths: paths)
    if try fileSystem.exists(paths.directory) {
      if try !marker.isPresent() { try requireEmpty() }
    } else {
      try fileSystem.makeDirectory(paths.directory)
    }
    if try !marker.isPresent() { try marker.write() }
    try fileSystem.makeDirectory(paths.store.segments)
  }

  /// Keeps others from writing to the backup meanwhile.
  func lock() throws(StoreError) -> FileLock {
    do throws(StoreError) {
      return try fileSystem.lock(paths.store.writerLock)
    } catch {
      guard error.code == .locked else { throw error }
      throw StoreError(
        .locked, "The backup is in use", at: .init(path: paths.directory), cause: error.cause,
        remedy: "Wait for the other process, which makes a backup here or restores this one")
    }
  }

  private func requireEmpty() throws(StoreError) {
    let names: [String]
    do throws(StoreError) {
      names = try fileSystem.list(paths.directory)
    } catch {
      throw StoreError(
        .alreadyExists, "The destination is not a directory", at: .init(path: paths.directory),
        cause: error.message, remedy: "Choose a directory that is empty or does not exist")
    }
    // A backup whose marker was being written when it was killed.
    if names.allSatisfy({ paths.directory + "/" + $0 == paths.marker + ".tmp" }) { return }
    let isStore = try fileSystem.exists(paths.store.data)
    throw StoreError(
      .alreadyExists,
      isStore
        ? "The destination is a store, not a backup" : "The destination holds other files",
      at: .init(path: paths.directory),
      remedy: "Choose a directory that is empty, does not exist, or holds an earlier backup")
  }

  /// Climbs from the destination to the root: the store must not be on the way.
  private func requireOutside() throws(StoreError) {
    var place = paths.directory
    while try !fileSystem.exists(place), place != ".", place != "/" {
      place = PosixFileSystem.parent(of: place)
    }
    while true {
      if try fileSystem.isSame(place, as: source) {
        throw StoreError(
          .invalidArgument, "The destination lies inside the store",
          at: .init(path: paths.directory), remedy: "Choose a directory outside of \(source)")
      }
      if try fileSystem.isSame(place, as: place + "/..") { return }
      // A file has no parent by this name; what it is, is looked at later.
      guard try fileSystem.exists(place + "/..") else { return }
      place += "/.."
    }
  }
}
