/// Why there is no ``ProductQuantizer``.
package enum ProductQuantizerFailure: Error, Sendable, Equatable {
  /// Codes cannot answer this metric.
  case metric(Metric)
  /// Subvectors have to divide the dimensions.
  case subvectors(Int, dimensions: Int)
  /// Outside ``ProductQuantizer/legalCentroids``.
  case centroids(Int)
  /// The tile encoder needs one subvector for each dimension.
  case tileSubvectors(Int, dimensions: Int)
  /// The tile encoder needs a power of two.
  case tileCentroids(Int)
  /// There have to be as many samples as centroids.
  case samples(Int, needed: Int)
}
