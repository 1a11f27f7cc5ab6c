import StorageIO

extension Store {
  /// Seals and merges on the calling thread, in an order that depends on the data only, until nothing
  /// is left to do for the vectors there are now. This is how background work happens with
  /// `StoreOptions.BackgroundWork.manual`; the first call then also reads the checksums that a quick open
  /// has left unread. What fails in one collection does not hold up the others; the first failure is thrown
  /// at the end.
  /// - Parameter isIdle: Whether collections count as idle, so that small remainders are worked in.
  public func runBackgroundWork(isIdle: Bool = true) throws(StoreError) {
    if core.options.readOnly { throw StoreError.readOnlyStore(core.path) }
    scrub?.runIfPending()
    let boundaries = core.states.current.collections.mapValues { compactor.boundary($0.number) }
    var failures = FirstFailure<BackgroundStep>()
    var found = true
    while found {
      found = false
      for (collection, boundary) in boundaries.sorted(by: { $0.key < $1.key }) {
        for work in [Activity.Work.seal, .merge, .propertyIndexes] {
          if core.isClosing { throw StoreError.storeClosed }
          let ran = failures.attempt(BackgroundStep(collection: collection, work: work)) {
            () throws(StoreError) in
            try run(work, collection, isIdle: isIdle, through: boundary)
          }
          found = found || ran == true
        }
      }
    }
    try failures.rethrow()
    for collection in boundaries.keys {
      core.progress.rest(Set(Compactor.Lane.allCases), collection)
    }
    core.progress.finish(except: core.states.current.collections.keys)
  }

  private struct BackgroundStep: Hashable {
    let collection: UInt32
    let work: Activity.Work
  }

  /// Does a piece of work for a collection; answers whether there was any.
  private func run(
    _ work: Activity.Work, _ collection: UInt32, isIdle: Bool, through boundary: UInt64
  ) throws(StoreError) -> Bool {
    switch work {
    case .seal:
      try compactor.runNext(.seal, collection: collection, isIdle: isIdle, through: boundary)
    case .merge:
      try compactor.runNext(.merge, collection: collection, isIdle: isIdle, through: boundary)
    case .propertyIndexes: try PropertyIndexWork(core: core).runStep(collection)
    }
  }

  /// Brings every collection's index to rest; see `Collection.compact(full:)`. What fails in one collection
  /// does not hold up the others; the first failure is thrown at the end.
  public func compact(full: Bool = false) throws(StoreError) {
    var failures = FirstFailure<String>()
    for name in try collectionNames() {
      if core.isClosing { throw StoreError.storeClosed }
      _ = failures.attempt(name) { () throws(StoreError) in
        try collection(name).compact(full: full)
        return true
      }
    }
    try failures.rethrow()
  }
}
