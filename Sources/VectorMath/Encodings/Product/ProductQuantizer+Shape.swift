extension ProductQuantizer {
  /// The number of subvectors for those who do not choose: the longer the vectors are, the more components
  /// share a byte, as far as they divide evenly.
  package static func subvectors(auto dimensions: Int) -> Int {
    let steps = [
      (least: 2048, length: 8), (least: 768, length: 6), (least: 256, length: 4),
      (least: 0, length: 2),
    ]
    for step in steps where dimensions >= step.least && dimensions.isMultiple(of: step.length) {
      return dimensions / step.length
    }
    return dimensions
  }

  /// What is wrong with a choice of sizes; `nil` when a quantiser can have them.
  package static func failure(
    metric: Metric, dimensions: Int, subvectors: Int, centroids: Int, encoder: ProductEncoder
  ) -> ProductQuantizerFailure? {
    guard metric != .hamming else { return .metric(metric) }
    guard dimensions > 0, subvectors > 0, dimensions.isMultiple(of: subvectors) else {
      return .subvectors(subvectors, dimensions: dimensions)
    }
    guard legalCentroids.contains(centroids) else { return .centroids(centroids) }
    guard encoder != .kmeans else { return nil }
    guard subvectors == dimensions else {
      return .tileSubvectors(subvectors, dimensions: dimensions)
    }
    return centroids.nonzeroBitCount == 1 ? nil : .tileCentroids(centroids)
  }
}
