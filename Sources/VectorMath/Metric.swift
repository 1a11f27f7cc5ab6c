/// How the distance between two vectors is defined. Smaller is closer, always.
///
/// Distances are computed in 32-bit floating point from the vectors as the caller gave them. A
/// collection has one metric for its whole life.
///
/// | Metric | Distance of `a` and `b` | Range |
/// |---|---|---|
/// | ``cosine`` | `max(0, 1 − a·b / (‖a‖ ‖b‖))`; 1 when either vector is zero | 0…2 |
/// | ``dot`` | `−(a·b)` | any number |
/// | ``l2Squared`` | `Σ (aᵢ − bᵢ)²`, without a square root | ≥ 0 |
/// | ``manhattan`` | `Σ |aᵢ − bᵢ|` | ≥ 0 |
/// | ``hamming`` | the number of positions where `aᵢ ≠ bᵢ` | 0…dimensions |
///
/// A distance beyond the range of `Float` is given as the largest finite number.
public enum Metric: String, CaseIterable, Codable, Sendable, CustomStringConvertible {
  /// The angle between two vectors: `max(0, 1 − a·b / (‖a‖ ‖b‖))`. Lengths play no part; a zero vector
  /// is at distance 1 from everything.
  case cosine
  /// The negated dot product `−(a·b)`, so that the largest product is the closest.
  case dot
  /// The squared Euclidean distance `Σ (aᵢ − bᵢ)²`.
  case l2Squared = "l2-squared"
  /// The city-block distance `Σ |aᵢ − bᵢ|`.
  case manhattan
  /// The number of components that differ: `aᵢ ≠ bᵢ` as numbers, so 0 equals −0.
  case hamming

  /// The metric's name in configurations, for example `l2-squared`.
  public var description: String { rawValue }
}

extension Metric {
  /// The number that stands for the metric in files; never reassigned.
  package var fileCode: UInt16 {
    switch self {
    case .cosine: 1
    case .dot: 2
    case .l2Squared: 3
    case .manhattan: 4
    case .hamming: 5
    }
  }

  /// The metric with a number read from a file; `nil` when no metric has it.
  package init?(fileCode: UInt16) {
    guard let metric = Metric.allCases.first(where: { $0.fileCode == fileCode }) else { return nil }
    self = metric
  }
}
