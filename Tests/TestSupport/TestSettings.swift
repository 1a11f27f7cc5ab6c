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

  /// The value of a variable; nil if it is not set.
  package static func text(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// The value of a variable that is a number; nil if it is not set, or none.
  package static func number(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
}
