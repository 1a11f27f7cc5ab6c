import ObjectStorage
import StorageIO

/// What a data file that nobody writes to says about its segments.
struct CopiedCatalog {
  /// The last commit.
  var version: UInt64 = 0
  /// The segments that its manifests name.
  var segments: [ManifestEntry] = []

  /// Reads the data file in a directory; throws `corruption` for one that cannot be read.
  static func read(directory: String) throws(StoreError) -> CopiedCatalog {
    var options = EnvironmentOptions()
    options.readOnly = true
    let environment = try LMDBEnvironment.open(directory: directory, options: options)
    defer { try? environment.close() }
    let catalog = Catalog(try environment.openCatalog())
    var copied = CopiedCatalog()
    try environment.read { (transaction) throws(StoreError) in
      copied.version = transaction.transactionID
      _ = try StoreRecord.load(catalog, in: transaction)
      for (key, value) in try catalog.entries(in: transaction) {
        guard CatalogKey.collectionNumber(ofManifest: key) != nil else { continue }
        let place = StoreError.Location(
          path: StorePaths(directory).data, section: "catalog/\(key)")
        copied.segments += try Manifest(decoding: value, at: place).entries
      }
    }
    return copied
  }
}
