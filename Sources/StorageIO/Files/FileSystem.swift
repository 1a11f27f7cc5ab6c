/// Everything Seamstone asks of the file system.
///
/// All access to files (LMDB's own apart) goes through this protocol, so that tests can make the
/// nth call fail. `PosixFileSystem` is the real one. Paths are plain strings as the system takes
/// them. Every call may throw `io`, `noSpace` or `notFound` besides what it says.
package protocol FileSystem: Sendable {
  /// Creates a file for writing. Throws `alreadyExists` if there is one, unless `truncating`.
  func createFile(_ path: String, truncating: Bool) throws(StoreError) -> any WritableFile

  /// Opens a file for reading.
  func openFile(_ path: String) throws(StoreError) -> any ReadableFile

  /// Maps a whole file for reading.
  func map(_ path: String) throws(StoreError) -> MappedFile

  /// Renames a file, replacing what has the new name; durable after `syncDirectory`.
  func rename(_ path: String, to newPath: String) throws(StoreError)

  /// Gives a file a second name (link(2)); durable after `syncDirectory`. Throws `alreadyExists` if the name is
  /// taken, and `notSupported` where the two places do not allow it: another volume, a file system without links.
  func link(_ path: String, to newPath: String) throws(StoreError)

  /// Removes a file; durable after `syncDirectory`.
  func remove(_ path: String) throws(StoreError)

  /// Removes an empty directory; durable after `syncDirectory` of the one that held it.
  func removeDirectory(_ path: String) throws(StoreError)

  /// Returns when everything that was written to a file, by whomever, is on the disk.
  func syncFile(_ path: String) throws(StoreError)

  /// Makes creations, renames and removals in a directory durable.
  func syncDirectory(_ path: String) throws(StoreError)

  /// The names in a directory, sorted by their bytes, without "." and "..".
  func list(_ path: String) throws(StoreError) -> [String]

  /// Whether a file or directory exists.
  func exists(_ path: String) throws(StoreError) -> Bool

  /// Whether two paths lead to one file or directory; false if one leads nowhere.
  func isSame(_ path: String, as other: String) throws(StoreError) -> Bool

  /// The length of a file in bytes.
  func length(_ path: String) throws(StoreError) -> Int

  /// Creates a directory and the parents it lacks, durably; an existing one is fine.
  func makeDirectory(_ path: String) throws(StoreError)

  /// How many bytes an unprivileged user can still write on the volume of `path`.
  func freeSpace(_ path: String) throws(StoreError) -> UInt64

  /// The type of the file system if it is a network one ("nfs", "smb", "9p", "fuse.sshfs"), where
  /// neither locks nor shared maps can be trusted; else nil.
  func networkFileSystem(_ path: String) throws(StoreError) -> String?

  /// Locks a file, created if need be, without waiting: throws `locked` if another open file holds
  /// it. The lock ends with the returned object or with the process.
  func lock(_ path: String, exclusive: Bool) throws(StoreError) -> FileLock
}

extension FileSystem {
  /// Creates a file for writing; throws `alreadyExists` if there is one.
  package func createFile(_ path: String) throws(StoreError) -> any WritableFile {
    try createFile(path, truncating: false)
  }

  /// Takes an exclusive lock.
  package func lock(_ path: String) throws(StoreError) -> FileLock {
    try lock(path, exclusive: true)
  }
}
