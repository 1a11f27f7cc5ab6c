import StorageIO

// What needs no records: the calls of the collection underneath.
extension TypedCollection {
  /// The configuration in force, with the dimensions once they are known.
  public func configuration() throws(StoreError) -> CollectionConfiguration {
    try collection.configuration()
  }

  /// The figures of the collection; see `Collection.statistics()`.
  public func statistics() throws(StoreError) -> CollectionStatistics {
    try collection.statistics()
  }

  /// What the collection does and accepts now.
  public func status() throws(StoreError) -> CollectionStatus { try collection.status() }

  /// Makes the collection read-only, or ready again; see `Collection.setStatus(_:because:)`.
  public func setStatus(
    _ status: CollectionStatus, because reason: String? = nil
  ) throws(StoreError) {
    try collection.setStatus(status, because: reason)
  }

  /// Whether mutating calls are refused.
  public var isReadOnly: Bool {
    get throws(StoreError) { try collection.isReadOnly }
  }

  /// Makes every mutating call throw `readOnly` from now on, or accepts them again.
  public func setReadOnly(_ isReadOnly: Bool, because reason: String? = nil) throws(StoreError) {
    try collection.setReadOnly(isReadOnly, because: reason)
  }

  // MARK: - Property indexes

  /// Indexes a property, so that filters on it need not look at every record; see
  /// `Collection.createPropertyIndex(_:)`. The property is called as the record encodes it: by its coding key.
  public func createPropertyIndex(_ path: PropertyPath) throws(StoreError) {
    try collection.createPropertyIndex(path)
  }

  /// Removes the index on a property; filters on it work without it. Throws `notFound` if there is none.
  public func dropPropertyIndex(_ path: PropertyPath) throws(StoreError) {
    try collection.dropPropertyIndex(path)
  }

  /// The indexes on properties, in the order in which they were made.
  public var propertyIndexes: [PropertyIndex] {
    get throws(StoreError) { try collection.propertyIndexes }
  }

  // MARK: - The vector index

  /// Brings the index to rest; see `Collection.compact(full:)`.
  public func compact(full: Bool = false) throws(StoreError) {
    try collection.compact(full: full)
  }

  /// Builds an index that is built once; see `Collection.build()`.
  public func build() throws(StoreError) { try collection.build() }

  /// How far an index is that is built once; see `Collection.indexStage()`.
  public func indexStage() throws(StoreError) -> IndexStage? { try collection.indexStage() }

  /// Changes the index online; see `Collection.reconfigure(index:encoding:transform:filtering:)`.
  public func reconfigure(
    index: IndexConfiguration? = nil, encoding: VectorEncoding? = nil,
    transform: VectorTransform? = nil, filtering: FilterPlanning? = nil
  ) throws(StoreError) {
    try collection.reconfigure(
      index: index, encoding: encoding, transform: transform, filtering: filtering)
  }

  /// Runs `body`, a bulk import; see `Collection.bulkLoad(indexing:_:)`.
  public func bulkLoad<Result>(
    indexing: Bool = true, _ body: () throws -> Result
  ) throws -> Result {
    try collection.bulkLoad(indexing: indexing, body)
  }

  /// The progress of background work; see `Collection.indexing`.
  public var indexing: AsyncStream<IndexingProgress> { collection.indexing }
}
