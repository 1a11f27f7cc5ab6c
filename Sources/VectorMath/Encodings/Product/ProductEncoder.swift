/// How a ``ProductQuantizer`` comes by its centroids and codes.
package enum ProductEncoder: Sendable, Equatable {
  /// Clusters the subvectors of the sample (``KMeans``); a code is the nearest centroid.
  case kmeans
  /// Cuts each component's assumed distribution into parts of equal probability (``TileEncoder``); needs as
  /// many subvectors as dimensions.
  case tile(TileDistribution)
}
