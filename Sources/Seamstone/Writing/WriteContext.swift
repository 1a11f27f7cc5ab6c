import ObjectStorage
import StorageIO

/// The state of one write transaction: LMDB's side and the in-memory version that will be published
/// with it. Used on the writer thread only, and thrown away whole when the transaction aborts.
final class WriteContext {
  let transaction: WriteTransaction
  let catalog: Catalog
  /// The version being made.
  private(set) var state: StoreState
  private var touched: Set<UInt32> = []
  private var replaced: [SegmentHandle] = []
  /// What is still to be written to property indexes, by collection.
  var postingChanges: [UInt32: PostingChanges] = [:]

  init(transaction: WriteTransaction, catalog: Catalog, state: StoreState) {
    self.transaction = transaction
    self.catalog = catalog
    self.state = state
    self.state.transactionID = transaction.transactionID
  }

  /// Changes a collection's state. The state is taken out of the version while `body` runs, so that
  /// its arrays are changed in place.
  func change<Result>(
    _ number: UInt32, _ body: (inout CollectionState) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    guard var collection = state.collections.removeValue(forKey: number) else {
      throw StoreError(.closed, "The collection was dropped")
    }
    defer { state.collections[number] = collection }
    touched.insert(number)
    return try body(&collection)
  }

  /// As `change`, refusing read-only collections.
  func write<Result>(
    _ number: UInt32, _ body: (inout CollectionState) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    if let error = state.collections[number]?.readOnlyError { throw error }
    return try change(number, body)
  }

  func add(_ collection: CollectionState) {
    state.collections[collection.number] = collection
    touched.insert(collection.number)
  }

  func remove(_ number: UInt32) {
    let removed = state.collections.removeValue(forKey: number)
    touched.remove(number)
    retire(removed?.segments.compactMap(\.handle) ?? [])
  }

  /// These segments are no longer named by the manifest, once this transaction commits.
  func retire(_ handles: [SegmentHandle]) { replaced.append(contentsOf: handles) }

  /// Called after the commit: the files go when the last reader lets go of them.
  func retireReplacedSegments() {
    for handle in replaced { handle.retire() }
    replaced = []
  }

  /// Makes the new version ready for readers and for LMDB: brings the searches' row filters up to
  /// date, and stores the counters of every collection that was touched, and the number of this commit, so
  /// that no commit is empty (LMDB would not give it an id of its own).
  func finish() throws(StoreError) {
    for number in touched {
      guard var collection = state.collections.removeValue(forKey: number) else { continue }
      for index in collection.segments.indices { collection.segments[index].refreshFilter() }
      try writePostings(of: &collection)
      collection.filters = ResolvedFilters()
      state.collections[number] = collection
      try catalog.put(
        CatalogKey.counters(number), collection.counters.encoded(), in: transaction)
    }
    var commit = ByteWriter()
    commit.write(transaction.transactionID)
    try catalog.put(CatalogKey.lastCommit, commit.bytes, in: transaction)
  }
}
