/// The names of everything in a backup: a store's files, what marks it as a backup, and where the next version of
/// `data.mdb` is made.
struct BackupPaths: Sendable {
  let directory: String
  /// The store inside.
  let store: StorePaths

  init(_ directory: String) {
    self.directory = directory
    store = StorePaths(directory)
  }

  /// Says that this directory is a backup, from before the first file is copied.
  var marker: String { directory + "/backup.seam" }
  /// Where LMDB copies its data file to; renamed when everything that it names is there.
  var incoming: StorePaths { StorePaths(directory + "/incoming") }
}
