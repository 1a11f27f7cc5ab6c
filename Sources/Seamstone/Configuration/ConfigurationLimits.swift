/// The ranges that configurations are checked against.
enum ConfigurationLimits {
  /// Components of a vector. The upper end is what two bytes can say, and more than any model uses.
  static let dimensions = 1...65_535
  /// Neighbours of a node on the upper layers.
  static let m = 2...512
  /// Beam while building.
  static let efConstruction = 4...100_000
  /// Beam of a search.
  static let beam = 1...1_000_000
  /// Beam as a multiple of the results.
  static let beamFactor = 1...10_000

  /// A range in words.
  static func text(_ range: ClosedRange<Int>) -> String {
    "\(range.lowerBound) to \(range.upperBound)"
  }
}
