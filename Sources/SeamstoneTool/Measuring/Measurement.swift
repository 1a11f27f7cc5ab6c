import Seamstone

/// What one point of a sweep measured.
struct Measurement: Sendable {
  var ef: Int
  /// Queries that were answered in the measured time.
  var count: Int
  /// Queries per second of wall time, all threads together.
  var queriesPerSecond: Double
  /// How long each query took, in nanoseconds, shortest first.
  var latencies: [UInt32]
  /// The ids found for each query during the warm-up pass.
  var answers: [[ObjectID]]

  /// The latency that this share of the queries stayed below.
  func microseconds(_ share: Double) -> Double {
    guard !latencies.isEmpty else { return 0 }
    let index = min(latencies.count - 1, Int(Double(latencies.count) * share))
    return Double(latencies[index]) / 1_000
  }
}
