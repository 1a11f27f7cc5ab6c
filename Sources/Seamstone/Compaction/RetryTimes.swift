/// When collections whose jobs failed are tried again: later with every failure in a row, and each on
/// its own, so that one that cannot be compacted never holds up the others.
struct RetryTimes {
  private var failures: [UInt32: (count: Int, notBefore: ContinuousClock.Instant)] = [:]
  /// The wait after the first failure; it grows by as much with each one after it.
  private static let patience = Duration.seconds(1)
  private static let longest = 60

  /// Whether a collection's next job has to wait.
  func isWaiting(_ collection: UInt32) -> Bool {
    failures[collection].map { ContinuousClock.now < $0.notBefore } ?? false
  }

  mutating func didFail(_ collection: UInt32) {
    let count = min((failures[collection]?.count ?? 0) + 1, Self.longest)
    failures[collection] = (count, ContinuousClock.now + Self.patience * count)
  }

  mutating func didSucceed(_ collection: UInt32) { failures[collection] = nil }
}
