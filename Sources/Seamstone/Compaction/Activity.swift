import StorageIO

/// What callers are doing with each collection: when they last wrote, and whether a bulk import
/// runs.
final class Activity: Sendable {
  private struct State {
    var lastWrite: [UInt32: ContinuousClock.Instant] = [:]
    var bulkLoads: [UInt32: Int] = [:]
    var failures: [UInt32: [Compactor.Lane: StoreError]] = [:]
    var failuresInARow: [UInt32: Int] = [:]
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

  /// Counts the builds of a collection's segments that failed, one after the other; answers how many.
  func buildFailed(_ number: UInt32) -> Int {
    state.withLock {
      $0.failuresInARow[number, default: 0] += 1
      return $0.failuresInARow[number, default: 0]
    }
  }

  func buildSucceeded(_ number: UInt32) {
    state.withLock { $0.failuresInARow[number] = nil }
  }

  /// Notes how the last job of a lane ended; nil for well.
  func jobEnded(_ lane: Compactor.Lane, _ number: UInt32, with failure: StoreError?) {
    state.withLock { $0.failures[number, default: [:]][lane] = failure }
  }

  /// Why the last job of a lane failed; nil if it did not.
  func failure(of lane: Compactor.Lane, _ number: UInt32) -> StoreError? {
    state.withLock { $0.failures[number]?[lane] }
  }
}
