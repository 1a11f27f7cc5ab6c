import StorageIO

/// Brings property indexes to rest: builds those that are not complete and clears those that were
/// dropped, in many short transactions, so that writers never wait long.
///
/// What is done is in the catalog, so whoever comes next goes on where a killed process stopped. Several
/// threads may do this at the same time: each step begins with what the one before it left.
struct PropertyIndexWork {
  let core: StoreCore

  /// How long writers may have to wait for a step.
  private static let step = Duration.milliseconds(15)

  /// Does a piece of the work for a collection; answers whether there was any.
  func runStep(_ number: UInt32) throws(StoreError) -> Bool {
    guard
      let collection = core.states.current.collections[number],
      collection.propertyIndexes.entries.contains(where: { $0.isUnfinished })
    else { return false }
    try core.write { (context) throws(StoreError) in
      try context.extendPropertyIndexes(of: number, for: Self.step)
    }
    return true
  }

  /// Returns when there is nothing left to do; with `onlyDropped`, when nothing is left of the indexes that
  /// were dropped.
  func finish(
    _ number: UInt32, onlyDropped: Bool = false, stop: StopRequest? = nil
  ) throws(StoreError) {
    while true {
      if onlyDropped {
        let entries = core.states.current.collections[number]?.propertyIndexes.entries ?? []
        guard entries.contains(where: \.isDropped) else { return }
      }
      guard try runStep(number) else { return }
      if core.isClosing { throw StoreError.storeClosed }
      if stop?.isMade == true { throw StoreError.compactionStopped }
    }
  }
}
