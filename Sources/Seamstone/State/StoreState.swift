/// One committed version of the whole store.
struct StoreState: Sendable {
  /// The LMDB transaction that committed it.
  var transactionID: UInt64
  var collections: [UInt32: CollectionState] = [:]

  /// The state of the collection called `name`.
  func collection(named name: String) -> CollectionState? {
    collections.values.first { $0.name == name }
  }
}
