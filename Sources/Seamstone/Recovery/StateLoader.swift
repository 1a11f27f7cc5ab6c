import ObjectStorage
import SegmentFiles
import StorageIO
import VectorIndexes

/// Rebuilds the in-memory state from LMDB: catalog, manifests, delete bitmaps and tails. Used when a
/// store is opened, and in reader processes whenever they follow a newer commit.
struct StateLoader {
  let fileSystem: any FileSystem
  let reaper: SegmentReaper
  let paths: StorePaths
  let environment: LMDBEnvironment
  let catalog: Catalog
  /// The index kinds of others.
  let engines: CustomEngines
  /// Counts what is read.
  var work = LoadWork()
  /// Called for a segment that cannot be used; nil where the problem should be thrown instead.
  let quarantine: ((ManifestEntry, String, StoreError) -> Void)?

  /// The numbers of the collections there are now.
  func collectionNumbers() throws(StoreError) -> [UInt32] {
    try environment.read { (transaction) throws(StoreError) in
      try definitions(transaction).map { $0.0 }
    }
  }

  /// The databases of every collection there is now, those of `known` as they are. LMDB shows a
  /// database only to transactions that begin after it was opened, so this comes before `load`.
  func openTables(
    known: [UInt32: CollectionTables] = [:]
  ) throws(StoreError) -> [UInt32: CollectionTables] {
    var tables = known
    let keys = try environment.read { (transaction) throws(StoreError) in
      try catalog.entries(in: transaction).map(\.key)
    }
    for number in keys.compactMap(CatalogKey.collectionNumber(ofDefinition:))
    where tables[number] == nil {
      tables[number] = try CollectionTables.open(number: number, in: environment)
    }
    // A collection that was open already may have got its first property index meanwhile.
    for number in keys.compactMap(CatalogKey.collectionNumber(ofPropertyIndexes:)) {
      guard let open = tables[number], open.postings == nil else { continue }
      tables[number] = try open.openingPostings(in: environment)
    }
    return tables
  }

  /// The state that `transaction` sees. What `previous`, an older version, knows is used again: handles, the
  /// rows of tails, and which rows are deleted. The loader's own versions only: it appends to the chunks of
  /// their tails, beyond what they show, as the writer does with its own.
  /// - Throws: `notFound` when a collection or a segment file belongs to another version than the
  ///   transaction does; a newer transaction then succeeds.
  func load(
    _ transaction: ReadTransaction, tables: [UInt32: CollectionTables],
    reusing previous: StoreState? = nil
  ) throws(StoreError) -> StoreState {
    _ = try StoreRecord.load(catalog, in: transaction)
    var state = StoreState(transactionID: transaction.transactionID)
    for (number, definition) in try definitions(transaction) {
      let known = previous.flatMap { previous in
        previous.collections[number].map { (previous.transactionID, $0) }
      }
      state.collections[number] = try load(
        number, definition, transaction, tables: tables[number], previous: known)
    }
    return state
  }

  private func definitions(
    _ transaction: ReadTransaction
  ) throws(StoreError) -> [(UInt32, CollectionDefinition)] {
    var found: [(UInt32, CollectionDefinition)] = []
    for (key, value) in try catalog.entries(in: transaction) {
      guard let number = CatalogKey.collectionNumber(ofDefinition: key) else { continue }
      found.append((number, try CollectionDefinition(decoding: value, at: location(key))))
    }
    return found
  }

  private func load(
    _ number: UInt32, _ definition: CollectionDefinition, _ transaction: ReadTransaction,
    tables: CollectionTables?, previous: (transactionID: UInt64, state: CollectionState)?
  ) throws(StoreError) -> CollectionState {
    guard let tables else {
      throw StoreError(.notFound, "The databases of \"\(definition.name)\" are not open yet")
    }
    let manifest = try decode(CatalogKey.manifest(number), transaction) {
      (bytes, place) throws(StoreError) in try Manifest(decoding: bytes, at: place)
    }
    let counters = try decode(CatalogKey.counters(number), transaction) {
      (bytes, place) throws(StoreError) in try CollectionCounters(decoding: bytes, at: place)
    }
    var collection = CollectionState(
      number: number, name: definition.name, configuration: definition.configuration,
      tables: tables, counters: counters, manifest: manifest)
    collection.weaviateClass = definition.weaviateClass
    collection.refusal = definition.refusal
    collection.conversion = definition.conversion
    collection.stage = definition.stage
    try loadPropertyIndexes(&collection, transaction)
    for entry in manifest.entries {
      let known = previous?.state.segments.first { $0.entry == entry && $0.handle != nil }
      if let known {
        collection.segments.append(known)
        continue
      }
      let handle = try openSegment(entry, of: collection)
      collection.segments.append(SegmentView(entry: entry, handle: handle, deleted: nil))
    }
    collection.tail = previous?.state.tail ?? TailView()
    let appended = try loadTail(&collection, transaction, previous: previous?.state)
    try loadDeletes(&collection, transaction, previous: previous, appended: appended)
    return collection
  }

  private func loadPropertyIndexes(
    _ collection: inout CollectionState, _ transaction: ReadTransaction
  ) throws(StoreError) {
    let key = CatalogKey.propertyIndexes(collection.number)
    guard let bytes = try catalog.value(key, in: transaction) else { return }
    collection.propertyIndexes = try PropertyIndexRecord(decoding: bytes, at: location(key))
    if collection.tables.postings == nil, !collection.propertyIndexes.entries.isEmpty {
      throw StoreError(.notFound, "The property indexes of \"\(collection.name)\" are not open yet")
    }
  }

  private func decode<Value>(
    _ key: String, _ transaction: ReadTransaction,
    _ make: ([UInt8], StoreError.Location) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    guard let bytes = try catalog.value(key, in: transaction) else {
      throw StoreError(.corruption, "The catalog has no \(key)", at: location(key))
    }
    return try make(bytes, location(key))
  }

  // MARK: - Segments

  private func openSegment(
    _ entry: ManifestEntry, of collection: CollectionState
  ) throws(StoreError) -> SegmentHandle? {
    do throws(StoreError) {
      let reader = try SegmentReader.open(
        fileSystem: fileSystem, directory: paths.segments, number: entry.number,
        expecting: SegmentExpectation(
          identifier: entry.identifier, length: Int(entry.length)))
      let handle = try SegmentHandle(
        reader, path: paths.segment(entry.number), reaper: reaper, engines: engines)
      try check(handle.index, against: entry, collection)
      return handle
    } catch {
      guard let quarantine else { throw error }
      quarantine(entry, collection.name, error)
      return nil
    }
  }

  /// A whole and unharmed file of another collection would still give wrong answers.
  private func check(
    _ index: SegmentIndex, against entry: ManifestEntry, _ collection: CollectionState
  ) throws(StoreError) {
    guard index.count == Int(entry.rowCount), index.metric == collection.configuration.metric,
      index.dimensions == collection.configuration.dimensions
    else {
      throw StoreError(
        .corruption,
        "The segment holds \(index.count) × \(index.dimensions) \(index.metric) vectors, not what "
          + "the manifest says", at: .init(path: paths.segment(entry.number)))
    }
  }

  func location(_ key: String) -> StoreError.Location {
    StoreError.Location(path: paths.data, section: "catalog/\(key)")
  }
}
