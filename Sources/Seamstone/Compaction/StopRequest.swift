import Synchronization

/// Says that a caller no longer waits for the work that runs for it. Jobs look at it as often as at the store's own end.
final class StopRequest: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Whether somebody asked.
  var isMade: Bool { flag.load(ordering: .relaxed) }

  /// Asks; there is no way back.
  func make() { flag.store(true, ordering: .relaxed) }
}
