import StorageIO
import SystemPackage

extension Store {
  /// Opens the store in a directory, or creates it.
  ///
  /// A damaged or missing segment file never keeps a store from opening: its vectors are compared
  /// one by one until the segment is rebuilt, and an event says so.
  /// - Throws: `locked` if another process writes to it, `notFound` if it does not exist and may not
  ///   be created, `notSupported` on a network file system, `formatTooNew` for a store of a later
  ///   release, `corruption` if LMDB's own data is damaged.
  public static func open(
    at path: FilePath, options: StoreOptions = StoreOptions()
  ) throws(StoreError) -> Store {
    try open(at: path, options: options, fileSystem: PosixFileSystem())
  }

  /// As `open(at:options:)`, for a path in a `String`.
  @_disfavoredOverload
  public static func open(
    at path: String, options: StoreOptions = StoreOptions()
  ) throws(StoreError) -> Store {
    try open(at: FilePath(path), options: options)
  }

  /// As `open(at:options:)`, with another file system underneath; LMDB's own files excepted.
  static func open(
    at path: FilePath, options: StoreOptions, fileSystem: any FileSystem
  ) throws(StoreError) -> Store {
    try StoreOpener(path: path.string, options: options, fileSystem: fileSystem).open()
  }
}
