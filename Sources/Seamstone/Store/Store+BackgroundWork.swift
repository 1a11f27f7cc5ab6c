import StorageIO

extension Store {
  /// Seals and merges on the calling thread, in an order that depends on the data only, until nothing
  /// is left to do for the vectors there are now. This is how background work happens with
  /// `StoreOptions.BackgroundWork.manual`; the first call then also reads the checksums that a quick open
  /// has left unread.
  /// - Parameter isIdle: Whether collections count as idle, so that small remainders are worked in.
  public func runBackgroundWork(isIdle: Bool = true) throws(StoreError) {
    if core.options.readOnly { throw StoreError.readOnlyStore(core.path) }
    scrub?.runIfPending()
    let boundaries = core.states.current.collections.mapValues { compactor.boundary($0.number) }
    var found = true
    while found {
      found = false
      for (collection, boundary) in boundaries.sorted(by: { $0.key < $1.key }) {
        if core.isClosing { throw StoreError.storeClosed }
        let sealed = try compactor.runNext(
          .seal, collection: collection, isIdle: isIdle, through: boundary)
        let merged = try compactor.runNext(
          .merge, collection: collection, isIdle: isIdle, through: boundary)
        let indexed = try PropertyIndexWork(core: core).runStep(collection)
        found = found || sealed || merged || indexed
      }
    }
    for collection in boundaries.keys {
      core.progress.rest(Set(Compactor.Lane.allCases), collection)
    }
    core.progress.finish(except: core.states.current.collections.keys)
  }

  /// Brings every collection's index to rest; see `Collection.compact(full:)`.
  public func compact(full: Bool = false) throws(StoreError) {
    for name in try collectionNames() { try collection(name).compact(full: full) }
  }
}
