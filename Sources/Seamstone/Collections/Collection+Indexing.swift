import StorageIO

extension Collection {
  /// Brings the index to rest: seals and merges until nothing is left to do, on the calling thread.
  ///
  /// The store does this by itself in the background; call it to have it done now, before a
  /// measurement say.
  /// - Parameter full: Merge everything into one segment, the tail included.
  public func compact(full: Bool = false) throws(StoreError) {
    try compact(full: full, stop: nil)
  }

  /// As `compact(full:)`, until `stop` says that nobody waits for it any more; then throws `cancelled`.
  func compact(full: Bool, stop: StopRequest?) throws(StoreError) {
    try requireWriter()
    try store.compactor.settle(number, full: full, stop: stop)
    // Without threads nobody else will look whether there is more to do.
    if store.threads == nil { core.progress.rest(Set(Compactor.Lane.allCases), number) }
  }

  /// Changes the index kind, its parameters, the encoding, the transform or the planning of filters. Returns at once: the
  /// old segments answer until the new ones are built in the background. Beam and planning hold from the
  /// next search on; nil leaves a part as it is.
  public func reconfigure(
    index: IndexConfiguration? = nil, encoding: VectorEncoding? = nil,
    transform: VectorTransform? = nil, filtering: FilterPlanning? = nil
  ) throws(StoreError) {
    if let index {
      var wanted = try configuration()
      wanted.index = index
      try core.options.requireIndexKind(of: wanted)
    }
    try core.write { [number] (context) throws(StoreError) in
      try context.reconfigure(
        number, index: index, encoding: encoding, transform: transform, filtering: filtering)
    }
  }

  /// Runs `body`, a bulk import: while it runs, segments are sealed large and merged never, and the
  /// index is built once afterwards.
  public func bulkLoad<Result>(
    indexing: Bool = true, _ body: () throws -> Result
  ) throws -> Result {
    try requireWriter()
    core.activity.beginBulkLoad(number)
    let result: Result
    do {
      defer { core.activity.endBulkLoad(number) }
      result = try body()
      // What is left is sealed before anything is merged, so that one graph is built over it all.
      try store.compactor.sealNow(number)
    }
    if indexing { try compact() }
    return result
  }

  /// The progress of background work on this collection: of the seal and of the merge that run, each by its
  /// ``IndexingProgress/phase``.
  ///
  /// The stream ends when nothing is left to do: no job runs, nothing was written for
  /// ``CompactionLimits/idleSeconds``, and none is due. It also ends when the collection is dropped or the store
  /// closed or poisoned. With ``StoreOptions/BackgroundWork/manual`` it ends at once if nothing is due, or else
  /// when `Store.runBackgroundWork()` or `compact()` has done what was. In a reader process, which
  /// builds nothing, it ends at once.
  public var indexing: AsyncStream<IndexingProgress> {
    let stream = core.progress.stream(number)
    if core.options.readOnly || store.threads == nil && store.compactor.isAtRest(number) {
      core.progress.rest(Set(Compactor.Lane.allCases), number)
    }
    return stream
  }

  func requireWriter() throws(StoreError) {
    if core.options.readOnly { throw StoreError.readOnlyStore(core.path) }
    if core.isClosing { throw StoreError.storeClosed }
  }
}
