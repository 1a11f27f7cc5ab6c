import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Waits for what a store does in the background after it was opened, so that it is not measured along.
enum Settling {
  /// Longer than this no measurement waits.
  private static let patience = Duration.seconds(60)

  /// Returns when the check that starts at open is done.
  static func wait(for store: Store) {
    let start = ContinuousClock.now
    while !store.recentEvents.contains(where: { $0.kind == .scrubFinished }),
      ContinuousClock.now - start < patience
    {
      usleep(5_000)
    }
  }
}
