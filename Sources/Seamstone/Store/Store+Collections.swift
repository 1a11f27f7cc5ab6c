import ObjectStorage
import StorageIO

extension Store {
  /// The names of all collections, sorted.
  public func collectionNames() throws(StoreError) -> [String] {
    let (transaction, state) = try core.capture()
    transaction.end()
    return state.collections.values.map(\.name).sorted()
  }

  /// An existing collection. Throws `notFound`.
  public func collection(_ name: String) throws(StoreError) -> Collection {
    let (transaction, state) = try core.capture()
    transaction.end()
    guard let collection = state.collection(named: name) else {
      throw StoreError.collectionNotFound(name, existing: state.collections.values.map(\.name))
    }
    return Collection(store: self, number: collection.number, name: name)
  }

  /// The collection called `name`, created if it does not exist. Of an existing one, dimensions,
  /// metric and vectorizer must agree; its index configuration stays as it is (see `Collection.reconfigure`).
  public func collection(
    _ name: String, _ configuration: CollectionConfiguration
  ) throws(StoreError) -> Collection {
    let (transaction, state) = try core.capture()
    transaction.end()
    if let existing = state.collection(named: name) {
      try existing.configuration.requireCompatible(with: configuration, name: name)
      return Collection(store: self, number: existing.number, name: name)
    }
    do throws(StoreError) {
      return try createCollection(name, configuration)
    } catch {
      // Another thread was faster.
      guard error.code == .alreadyExists else { throw error }
      return try collection(name)
    }
  }

  /// Creates a collection. Throws `alreadyExists`, or `invalidConfiguration` naming everything that
  /// is wrong with the configuration; a vectorizer that it names must be among the store's.
  public func createCollection(
    _ name: String, _ configuration: CollectionConfiguration
  ) throws(StoreError) -> Collection {
    try createCollection(name, configuration, weaviateClass: nil)
  }

  func createCollection(
    _ name: String, _ configuration: CollectionConfiguration, weaviateClass: WeaviateClass?
  ) throws(StoreError) -> Collection {
    try CollectionName.check(name)
    try configuration.validate()
    try core.options.requireVectorizer(of: configuration)
    try core.options.requireIndexKind(of: configuration)
    try core.write { (context) throws(StoreError) in
      try context.createCollection(name, configuration, weaviateClass: weaviateClass)
    }
    return try collection(name)
  }

  /// Drops a collection with everything in it. Its space is used again once no snapshot sees it.
  public func dropCollection(_ name: String) throws(StoreError) {
    let number = try collection(name).number
    try core.write { (context) throws(StoreError) in try context.dropCollection(number) }
  }
}
