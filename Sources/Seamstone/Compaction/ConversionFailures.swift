import StorageIO

/// Ends conversions that get nowhere: at once where trying again cannot help, or else after some attempts.
final class ConversionFailures: Sendable {
  private let core: StoreCore
  /// How many jobs in a row failed, by collection, and what these were to make.
  private let failures = ConditionLock<
    [UInt32: (wanted: CollectionConfiguration, count: Int)]
  >([:])

  init(core: StoreCore) { self.core = core }

  /// A job of a conversion has ended well.
  func didSucceed(_ number: UInt32) { failures.withLock { $0[number] = nil } }

  /// A job has failed on a collection that was as `collection` when it began. Jobs that convert nothing, seals
  /// say, count only where they fail for good.
  func didFail(_ collection: CollectionState, _ error: StoreError, isConverting: Bool) {
    let passing: [StoreError.Code] = [.cancelled, .closed, .poisoned, .outcomeUnknown]
    guard collection.conversion.origin != nil, !passing.contains(error.code), !core.isClosing
    else { return }
    let attempts = isConverting ? count(collection) : 0
    guard error.code.isLasting || attempts >= core.options.compaction.conversionAttempts else {
      return
    }
    didSucceed(collection.number)
    giveUp(collection, error)
  }

  private func count(_ collection: CollectionState) -> Int {
    failures.withLock { failures in
      let wanted = collection.configuration
      var known = failures[collection.number]?.count ?? 0
      if failures[collection.number]?.wanted.wantsSameSegments(as: wanted) == false { known = 0 }
      failures[collection.number] = (wanted, known + 1)
      return known + 1
    }
  }

  private func giveUp(_ collection: CollectionState, _ error: StoreError) {
    do throws(StoreError) {
      try core.writer.perform { (context) throws(StoreError) in
        try context.giveUpConversion(of: collection, because: error)
      }
    } catch {
      // Nothing has changed then: the next failure tries again.
      return
    }
    let now = core.states.current.collections[collection.number]
    guard let failure = now?.conversion.failure else { return }
    core.events.emit(
      StoreEvent(kind: .conversionFailed, collection: collection.name, message: failure))
  }
}
