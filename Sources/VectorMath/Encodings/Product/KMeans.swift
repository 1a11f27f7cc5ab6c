import CVectorKernels

/// Centroids of a set of points by Lloyd's algorithm under squared Euclidean distance.
///
/// Starts from different points drawn at random, then alternates between finding each point's nearest
/// centroid (the first of several) and moving each centroid to the mean of its points; a centroid
/// without points stays where it is. The same points and seed give the same bits on every CPU, with
/// any ``ParallelLoop``.
package struct KMeans: Sendable, Equatable {
  /// The components of a point.
  package let dimensions: Int
  /// The centroids, one after the other.
  package let centroids: [Float]
  /// How often the points were assigned, the first time included.
  package let rounds: Int

  /// Points whose nearest centroids are found by one call of a ``ParallelLoop``.
  static let chunk = 4096

  /// Clusters `count` points, `stride` floats apart, all finite.
  ///
  /// - Parameters:
  ///   - rounds: How often the points are assigned at most.
  ///   - settled: Stops once no more than this share of the points changed their centroid.
  /// - Returns: `nil` when there are fewer points than `centroids`, or no centroids or components.
  package static func train(
    points: UnsafePointer<Float>, count: Int, stride: Int, dimensions: Int, centroids: Int,
    seed: UInt64, rounds: Int = 10, settled: Double = 0.01, kernels: ProductKernels = .best,
    parallel: ParallelLoop = sequentialLoop
  ) -> KMeans? {
    guard centroids > 0, dimensions > 0, count >= centroids, stride >= dimensions else {
      return nil
    }
    let points = KMeansPoints(base: points, count: count, stride: stride, dimensions: dimensions)
    var state = KMeansRun(points: points, centroids: centroids, seed: seed)
    var done = 0
    while done < max(1, rounds) {
      done += 1
      let moved = state.round(kernels: kernels, parallel: parallel)
      if Double(moved) <= settled * Double(count) { break }
    }
    return KMeans(dimensions: dimensions, centroids: state.centroids, rounds: done)
  }
}
