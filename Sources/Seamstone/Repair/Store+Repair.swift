public import StorageIO
public import SystemPackage

extension Store {
  /// Mends a store that nobody has open for writing.
  ///
  /// Damaged segments and property indexes are made again from originals and objects. Where LMDB's own file is damaged,
  /// everything in it that can be read and whose checksum matches is copied to a new one, and indexes are built over
  /// it; the old file and its segments are moved to a folder `damaged-N` of the store and never removed. That
  /// takes as much space again as the store has. A repair that is interrupted can be run again.
  /// - Throws: `notFound` if there is no store or its data file is missing, `locked` if somebody has it open for
  ///   writing, `corruption` if nothing at all can be read, `noSpace`, `io`. The store is then as it was.
  public static func repair(at path: FilePath) throws(StoreError) -> RepairReport {
    try StoreRepair(path: path.string, fileSystem: PosixFileSystem()).run()
  }
}
