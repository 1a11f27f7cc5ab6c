/// Decides which candidates are worth a look at their originals, from how far the estimates of those that
/// were looked at lie from the truth.
///
/// A candidate can only be among the results if its estimate is off by more than what separates it from the worst
/// result so far. The estimates of one encoding err alike for one query, about normally, so that the errors of
/// a dozen candidates say how likely that is.
struct RescoringBound {
  /// How many deviations an estimate may be off by. On sift-1m and text-25k recall stayed within 0.0005 of that of all
  /// candidates compared; with 3 it lost up to 0.002.
  static let deviations = 4.0
  /// The same where a transform leaves components out. On text-25k with 64, 128 and 192 of 384 components, up to 256 candidates
  /// and 500 queries, with 4 up to 2 of 5,000 results were passed over, with 3 up to 49, with 5 none.
  static let reducedDeviations = 5.0

  private var count = 0.0
  private var sum = 0.0
  private var squares = 0.0

  /// Takes note of an estimate.
  mutating func add(estimate: Float, exact: Float) {
    let error = Double(estimate) - Double(exact)
    count += 1
    sum += error
    squares += error * error
  }

  /// The largest estimate that the true distance may yet be less than `distance` for.
  func farthestEstimate(
    beating distance: Float, deviations: Double = RescoringBound.deviations
  ) -> Float {
    guard count > 1 else { return .infinity }
    let mean = sum / count
    let variance = max(0, (squares - sum * mean) / (count - 1))
    let bound = Double(distance) + mean + deviations * variance.squareRoot()
    return bound.isNaN ? .infinity : Float(bound)
  }
}
