import StorageIO

extension Collection {
  /// Builds the index over everything the collection holds, on the calling thread.
  ///
  /// An index of the kind `annoy` is built once: from here on every call that changes something throws `readOnly`,
  /// the change of properties too, until ``reconfigure(index:encoding:transform:filtering:)`` gives the collection another kind
  /// of index. Searches go on meanwhile. If the process ends before the index is finished, the store builds it when it is open
  /// again. With every other kind this is `compact(full: true)`.
  /// - Throws: `readOnly` for an index that is built already; whatever stops the build, and then changes are
  ///   accepted as before.
  public func build() throws(StoreError) { try build(stop: nil) }

  /// As `build()`, until `stop` says that nobody waits for it any more; then throws `cancelled`.
  func build(stop: StopRequest?) throws(StoreError) {
    guard try configuration().index.isBuiltOnce else { return try compact(full: true, stop: stop) }
    try requireWriter()
    try core.write { [number] (context) throws(StoreError) in try context.beginBuild(number) }
    do throws(StoreError) {
      try store.compactor.settle(number, full: true, stop: stop)
    } catch {
      // A store that is being closed goes on with it when it is opened again.
      if error.code != .closed {
        try? core.write { [number] (context) throws(StoreError) in
          try context.abandonBuild(number)
        }
      }
      throw error
    }
    guard try indexStage() == .built else {
      throw StoreError(
        .cancelled, "The index of \"\(name)\" was not built: something else is wanted by now")
    }
    // Without threads nobody else will look whether there is more to do.
    if store.threads == nil { core.progress.rest(Set(Compactor.Lane.allCases), number) }
  }

  /// How far an index is that is built once; nil for kinds that change as their collection does.
  public func indexStage() throws(StoreError) -> IndexStage? { try state { $0.indexStage } }
}
