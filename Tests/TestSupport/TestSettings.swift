#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the environment asks of the tests.
package enum TestSettings {
  /// Whether tests are to run in their long forms (`SEAMSTONE_LONG_TESTS`).
  package static let isLong = text("SEAMSTONE_LONG_TESTS") != nil

  /// The seed that a failure is to be replayed with (`SEAMSTONE_SEED`).
  package static let seed = text("SEAMSTONE_SEED").flatMap { UInt64($0) }

  /// When long runs are to end by themselves, whatever is left of them: `SEAMSTONE_MINUTES` after the first of them asked.
  private static let deadline = number("SEAMSTONE_MINUTES").map {
    ContinuousClock.now + .seconds(60 * $0)
  }

  /// Whether a long run is to end with what it has done.
  package static var isTimeUp: Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }

  /// The value of a variable; nil if it is not set.
  package static func text(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// The value of a variable that is a number; nil if it is not set, or none.
  package static func number(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
}
