import StorageIO

/// What callers are doing with each collection: when they last wrote, and whether a bulk import
/// runs.
final class Activity: Sendable {
  /// What background threads do for a collection, each with failures of its own.
  enum Work: Sendable { case seal, merge, propertyIndexes }

  private struct State {
    var lastWrite: [UInt32: ContinuousClock.Instant] = [:]
    var bulkLoads: [UInt32: Int] = [:]
    var failures: [UInt32: [Work: StoreError]] = [:]
  }
  private let state = ConditionLock(State())

  func didWrite(_ number: UInt32) { state.withLock { $0.lastWrite[number] = .now } }

  /// Seconds since the last write; a collection nobody wrote to since the store was opened has been
  /// idle for ever.
  func idleSeconds(_ number: UInt32) -> Double {
    guard let last = state.withLock({ $0.lastWrite[number] }) else { return .infinity }
    let (seconds, attoseconds) = (ContinuousClock.now - last).components
    return Double(seconds) + Double(attoseconds) / 1e18
  }

  func isBulkLoading(_ number: UInt32) -> Bool {
    state.withLock { ($0.bulkLoads[number] ?? 0) > 0 }
  }

  func beginBulkLoad(_ number: UInt32) {
    state.withLock { $0.bulkLoads[number, default: 0] += 1 }
  }

  func endBulkLoad(_ number: UInt32) {
    state.withLock { $0.bulkLoads[number, default: 1] -= 1 }
  }

  /// Notes how the last job of a kind ended; nil for well.
  func jobEnded(_ work: Work, _ number: UInt32, with failure: StoreError?) {
    state.withLock { $0.failures[number, default: [:]][work] = failure }
  }

  /// Why the last job of a kind failed; nil if it did not.
  func failure(of work: Work, _ number: UInt32) -> StoreError? {
    state.withLock { $0.failures[number]?[work] }
  }
}
