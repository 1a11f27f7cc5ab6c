/// Codes of one component: the range of its values is cut into bins of equal probability under a
/// distribution fitted to a sample.
package struct TileEncoder: Sendable, Equatable {
  /// The shape of the distribution.
  package let distribution: TileDistribution
  /// The number of codes.
  package let bins: Int
  /// The number of values in the sample.
  package let count: Int
  /// The sum of the transformed values.
  package let sum: Double
  /// The sum of their squares.
  package let sumOfSquares: Double
  /// The mean of the transformed values.
  package let mean: Double
  /// Their standard deviation; 0 when the component is constant, all values then have code 0.
  package let deviation: Double
  /// The value that each code stands for: the middle of its bin by probability, but the upper end of the
  /// lowest bin.
  package let centroids: [Float]

  /// A variance of no more than this share of the mean's square for each value is what rounding leaves of a
  /// constant's: n additions are off by at most n · 2⁻⁵³ each, and three sums go into it.
  static let roundingShare = 0x1p-50

  /// An encoder from what is known of a sample of at least one value.
  package init(
    distribution: TileDistribution, bins: Int, count: Int, sum: Double, sumOfSquares: Double
  ) {
    self.distribution = distribution
    self.bins = bins
    self.count = count
    self.sum = sum
    self.sumOfSquares = sumOfSquares
    let number = Double(max(1, count))
    let mean = sum / number
    let squares = sumOfSquares + number * mean * mean - 2 * mean * sum
    let variance = max(0, squares) / number
    self.mean = mean
    deviation = variance > Self.roundingShare * number * mean * mean ? variance.squareRoot() : 0
    centroids = Self.centroids(distribution, bins, mean, deviation)
  }

  /// An encoder for one component of sample vectors.
  init(distribution: TileDistribution, bins: Int, samples: ProductSamples, component: Int) {
    var sum = 0.0
    var sumOfSquares = 0.0
    samples.forEach(component: component) { value in
      let transformed = distribution.transformed(value)
      sum += transformed
      sumOfSquares += transformed * transformed
    }
    self.init(
      distribution: distribution, bins: bins, count: samples.count, sum: sum,
      sumOfSquares: sumOfSquares)
  }

  /// The code of a finite value, 0 ..< ``bins``.
  package func code(_ value: Float) -> UInt8 {
    guard deviation > 0, distribution == .normal || value > 0 else { return 0 }
    let normal = (distribution.transformed(value) - mean) / deviation
    let bin = (NormalDistribution.cumulative(normal) * Double(bins)).rounded(.down)
    // The far right has probability 1, which would be one bin too many.
    return UInt8(min(max(bin, 0), Double(bins - 1)))
  }

  private static func centroids(
    _ distribution: TileDistribution, _ bins: Int, _ mean: Double, _ deviation: Double
  ) -> [Float] {
    (0..<bins).map { bin in
      let share = bin == 0 ? 1 / Double(bins) : (2 * Double(bin) + 1) / (2 * Double(bins))
      // A constant's single bin is its value.
      let normal = deviation > 0 ? NormalDistribution.quantile(share) : 0
      return distribution.restored(mean + deviation * normal)
    }
  }
}
