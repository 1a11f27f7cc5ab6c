import StorageIO

extension Store {
  /// Seals and merges on the calling thread, in an order that depends on the data only, until nothing
  /// is left to do. This is how background work happens with `StoreOptions.BackgroundWork.manual`.
  /// - Parameter isIdle: Whether collections count as idle, so that small remainders are worked in.
  public func runBackgroundWork(isIdle: Bool = true) throws(StoreError) {
    if core.options.readOnly { throw StoreError.readOnlyStore(core.path) }
    var found = true
    while found {
      found = false
      for collection in core.states.current.collections.keys.sorted() {
        if core.isClosing { throw StoreError.storeClosed }
        let sealed = try compactor.runNext(.seal, collection: collection, isIdle: isIdle)
        let merged = try compactor.runNext(.merge, collection: collection, isIdle: isIdle)
        found = found || sealed || merged
      }
    }
  }

  /// Brings every collection's index to rest; see `Collection.compact(full:)`.
  public func compact(full: Bool = false) throws(StoreError) {
    for name in try collectionNames() { try collection(name).compact(full: full) }
  }
}
