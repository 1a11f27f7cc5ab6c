import ObjectStorage
import StorageIO

/// Makes a new store's LMDB file: under another directory first, so that `data.mdb` is there whole or not at all.
///
/// LMDB writes the first pages of a new file without syncing them, and refuses a file with a part of them: a
/// power failure in that moment would leave a store that cannot be opened, although nothing was ever in it.
struct StoreCreation {
  let paths: StorePaths
  let options: EnvironmentOptions
  let fileSystem: any FileSystem

  /// Names in the directory of the segments that a creation which was cut short may have left there.
  static let temporaryNames: Set<String> = ["data.mdb", "lock.mdb"]

  private var data: String { paths.segments + "/data.mdb" }
  private var lock: String { paths.segments + "/lock.mdb" }

  /// Only for the holder of the writer lock, and where there is no `data.mdb`.
  func run() throws(StoreError) {
    // What an attempt left that did not come to its end.
    try remove(data)
    try remove(lock)
    let environment = try LMDBEnvironment.open(directory: paths.segments, options: options)
    do throws(StoreError) {
      _ = try Self.writeRecord(in: environment)
      try environment.sync()
    } catch {
      try? environment.close()
      throw error
    }
    try environment.close()
    try remove(lock)
    try fileSystem.syncDirectory(paths.segments)
    try fileSystem.rename(data, to: paths.data)
    // LMDB syncs its file, not the file's name: without this a power failure could take the whole store.
    try fileSystem.syncDirectory(paths.directory)
    try fileSystem.syncDirectory(paths.segments)
  }

  /// The catalog with the format record, which says what the file is; written where it is missing.
  static func writeRecord(in environment: LMDBEnvironment) throws(StoreError) -> Catalog {
    try environment.write { (transaction) throws(StoreError) in
      let catalog = Catalog(try environment.createCatalog(in: transaction))
      if try catalog.value(CatalogKey.store, in: transaction) == nil {
        try StoreRecord().store(catalog, in: transaction)
      }
      return catalog
    }
  }

  private func remove(_ path: String) throws(StoreError) {
    do throws(StoreError) {
      try fileSystem.remove(path)
    } catch {
      guard error.code == .notFound else { throw error }
    }
  }
}
