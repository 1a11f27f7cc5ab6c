/// The keys of the `catalog` database.
enum CatalogKey {
  /// The store's format version and the next collection number.
  static let store = "store"
  /// The id of the last commit.
  static let lastCommit = "commit"
  /// A collection's name and configuration, as JSON.
  static func definition(_ number: UInt32) -> String { "collection/\(number)/definition" }
  /// A collection's counters.
  static func counters(_ number: UInt32) -> String { "collection/\(number)/counters" }
  /// A collection's manifest.
  static func manifest(_ number: UInt32) -> String { "collection/\(number)/manifest" }
  /// A collection's property indexes; only there once a property was indexed.
  static func propertyIndexes(_ number: UInt32) -> String { "collection/\(number)/properties" }

  /// The collection that a definition's key belongs to.
  static func collectionNumber(ofDefinition key: String) -> UInt32? {
    collectionNumber(of: key, "definition")
  }

  /// The collection that a manifest belongs to.
  static func collectionNumber(ofManifest key: String) -> UInt32? {
    collectionNumber(of: key, "manifest")
  }

  /// The collection that a list of property indexes belongs to.
  static func collectionNumber(ofPropertyIndexes key: String) -> UInt32? {
    collectionNumber(of: key, "properties")
  }

  private static func collectionNumber(of key: String, _ kind: String) -> UInt32? {
    let parts = key.split(separator: "/")
    guard parts.count == 3, parts[0] == "collection", parts[2] == kind else { return nil }
    return UInt32(parts[1])
  }
}
