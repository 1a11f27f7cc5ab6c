#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The distribution that a ``TileEncoder`` takes the values of a component to have.
package enum TileDistribution: Sendable, Equatable {
  /// The values themselves are normal.
  case normal
  /// Their logarithms are normal; for values above zero, all others share the lowest code.
  case logNormal

  /// A value as the normal distribution sees it.
  func transformed(_ value: Float) -> Double {
    switch self {
    case .normal: Double(value)
    case .logNormal: value > 0 ? log(Double(value)) : 0
    }
  }

  /// The value that ``transformed(_:)`` makes `number` of.
  func restored(_ number: Double) -> Float {
    switch self {
    case .normal: Wide.finite(number)
    case .logNormal: Wide.finite(exp(number))
    }
  }
}
