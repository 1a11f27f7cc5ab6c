import ObjectStorage
import StorageIO

extension WriteContext {
  /// Creates a collection; the name must be free.
  func createCollection(
    _ name: String, _ configuration: CollectionConfiguration, weaviateClass: WeaviateClass? = nil
  ) throws(StoreError) {
    guard state.collection(named: name) == nil else {
      throw StoreError(.alreadyExists, "There is a collection \"\(name)\" already")
    }
    let number = try StoreRecord.load(catalog, in: transaction).nextCollectionNumber
    try StoreRecord(nextCollectionNumber: number + 1).store(catalog, in: transaction)
    let tables = try CollectionTables.create(number: number, in: transaction)
    var collection = CollectionState(
      number: number, name: name, configuration: configuration, tables: tables)
    collection.weaviateClass = weaviateClass
    for path in weaviateClass?.indexedPaths ?? [] {
      try addPropertyIndex(path, to: &collection)
    }
    try storeDefinition(of: collection)
    try storeManifest(of: collection)
    add(collection)
  }

  /// Drops a collection; its pages are free for reuse once no snapshot sees them.
  func dropCollection(_ number: UInt32) throws(StoreError) {
    guard let collection = state.collections[number] else {
      throw StoreError(.closed, "The collection was dropped already")
    }
    if let error = collection.refusalError { throw error }
    try collection.tables.drop(in: transaction)
    for key in [
      CatalogKey.definition(number), CatalogKey.counters(number), CatalogKey.manifest(number),
      CatalogKey.propertyIndexes(number),
    ] {
      try catalog.remove(key, in: transaction)
    }
    remove(number)
  }

  /// Refuses or accepts mutating calls from now on.
  func setReadOnly(
    _ isReadOnly: Bool, because reason: String?, _ number: UInt32
  ) throws(StoreError) {
    try change(number) { (collection) throws(StoreError) in
      collection.counters.isReadOnly = isReadOnly
      collection.refusal.byCaller = isReadOnly ? reason : nil
      try storeDefinition(of: collection)
    }
  }

  /// Replaces the index configuration, the encoding or the transform; segments follow in the background.
  func reconfigure(
    _ number: UInt32, index: IndexConfiguration?, encoding: VectorEncoding?,
    transform: VectorTransform?, filtering: FilterPlanning?
  ) throws(StoreError) {
    if let error = state.collections[number]?.refusalError { throw error }
    try change(number) { (collection) throws(StoreError) in
      let earlier = collection
      var changed = collection.configuration
      changed.index = index ?? changed.index
      changed.encoding = encoding ?? changed.encoding
      changed.transform = transform ?? changed.transform
      changed.filtering = filtering ?? changed.filtering
      try changed.validate()
      if changed.encoding != collection.configuration.encoding {
        try changed.requireVectors(collection.liveVectorCount, collection: collection.name)
      }
      // Whatever comes back to it starts anew: meanwhile it may be written to.
      if !changed.index.isBuiltOnce { collection.stage = .loading }
      collection.configuration = changed
      if let adopted = collection.weaviateClass?.adopting(changed) {
        // The class is read back whenever the store is opened: what it cannot say must not be stored.
        _ = try WeaviateClass(adopted.members, indexTypes: nil)
        collection.weaviateClass = adopted
      }
      collection.didReconfigure(from: earlier)
      try storeDefinition(of: collection)
    }
  }

  func storeDefinition(of collection: CollectionState) throws(StoreError) {
    let definition = CollectionDefinition(
      name: collection.name, configuration: collection.configuration,
      weaviateClass: collection.weaviateClass, refusal: collection.refusal,
      conversion: collection.conversion, stage: collection.stage)
    try catalog.put(
      CatalogKey.definition(collection.number), try definition.encoded(), in: transaction)
  }

  func storeManifest(of collection: CollectionState) throws(StoreError) {
    if let defect = collection.manifest.defect {
      throw StoreError(.internalError, "A manifest that contradicts itself was refused: \(defect)")
    }
    try catalog.put(
      CatalogKey.manifest(collection.number), collection.manifest.encoded(), in: transaction)
  }
}
