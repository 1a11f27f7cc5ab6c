public import StorageIO
public import SystemPackage

extension Store {
  /// Mends a store that nobody has open for writing.
  ///
  /// Damaged segments and property indexes are made again from originals and objects. Where LMDB's own file is damaged,
  /// everything in it that can be read and whose checksum matches is copied to a new one, and indexes are built over
  /// it; the old file and its segments are moved to a folder `damaged-N` of the store and never removed. That
  /// takes as much space again as the store has. A repair that is interrupted can be run again.
  ///
  /// Where LMDB's file is missing, or nothing at all can be read of it, the segments are the last resort: each one that
  /// keeps vectors as they were (`float32`) becomes a collection `recovered-N` of ids and vectors, without properties,
  /// among them objects that may have been deleted or replaced since. The report says what was saved and what was not.
  /// If you have a backup, restore it instead; if the file turns up, put it back in the place of the new one, and
  /// the segments of `damaged-N` beside it.
  /// - Throws: `notFound` if there is no store, `locked` if somebody has it open for writing, `noSpace`, `io`. The
  ///   store is then as it was.
  public static func repair(at path: FilePath) throws(StoreError) -> RepairReport {
    try StoreRepair(path: path.string, fileSystem: PosixFileSystem()).run()
  }
}
