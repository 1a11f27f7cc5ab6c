import ObjectStorage
package import StorageIO

extension Store {
  /// Reads every page of a store's LMDB file without following it through LMDB, before anything else does.
  /// - Throws: `corruption` where a page is not what it should be, and whatever keeps the file from being opened.
  package static func checkPages(at path: String) throws(StoreError) {
    let files = PosixFileSystem()
    let data = StorePaths(path).data
    // Opening tells what is wrong with these.
    guard try files.exists(data), try files.length(data) > 0 else { return }
    var options = EnvironmentOptions()
    options.readOnly = true
    options.maxReaders = StoreOptions().maximumReaders
    let environment = try LMDBEnvironment.open(directory: path, options: options)
    do throws(StoreError) {
      try environment.verifyStructure()
    } catch {
      try? environment.close()
      throw error
    }
    try environment.close()
  }
}
