extension ProductQuantizer {
  /// Learns a quantiser from sample vectors as their owners gave them: `count` of them, `stride` floats
  /// apart, all finite. The same samples and seed give the same ``bytes`` on every CPU, with any `parallel`,
  /// which runs the subvectors side by side; those of tile encoders of logarithms, and tile codes, depend on the
  /// system's mathematical library in the last bits.
  package static func train(
    samples: UnsafePointer<Float>, count: Int, stride: Int, metric: Metric, dimensions: Int,
    subvectors: Int, centroids: Int = 256, encoder: ProductEncoder = .kmeans, seed: UInt64,
    parallel: ParallelLoop = sequentialLoop
  ) -> Result<ProductQuantizer, ProductQuantizerFailure> {
    if let failure = failure(
      metric: metric, dimensions: dimensions, subvectors: subvectors, centroids: centroids,
      encoder: encoder)
    {
      return .failure(failure)
    }
    guard count >= centroids else { return .failure(.samples(count, needed: centroids)) }
    let samples = ProductSamples(
      samples, count: count, stride: stride, dimensions: dimensions, metric: metric)
    if case .tile(let distribution) = encoder {
      let tiles = collect(dimensions, parallel) { component in
        TileEncoder(
          distribution: distribution, bins: centroids, samples: samples, component: component)
      }
      return .success(
        ProductQuantizer(
          metric: metric, tiles: tiles, distribution: distribution, bins: centroids))
    }
    let length = dimensions / subvectors
    let clusters = collect(subvectors, parallel) { subvector in
      let points = samples.slice(subvector * length..<(subvector + 1) * length)
      return points.withUnsafeBufferPointer { points in
        points.baseAddress.flatMap { base in
          KMeans.train(
            points: base, count: count, stride: length, dimensions: length, centroids: centroids,
            seed: SeededRandom.mix(seed, UInt64(subvector)))?.centroids
        } ?? []
      }
    }
    let halves = halfPrecision(clusters, length: length)
    let columns = (halves ?? clusters).flatMap { cluster in
      cluster.withUnsafeBufferPointer { ProductKernels.columns($0, dimensions: length) }
    }
    return .success(
      ProductQuantizer(
        metric: metric, dimensions: dimensions, subvectors: subvectors, centroids: centroids,
        columns: columns, isHalfPrecision: halves != nil))
  }

  /// The results of a body for `0 ..< count`, in order.
  private static func collect<Element: Sendable>(
    _ count: Int, _ parallel: ParallelLoop, _ body: @escaping @Sendable (Int) -> Element
  ) -> [Element] {
    var results = [Element?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { results in
      // Each index writes to a place of its own, and the loop is over before the array is used.
      nonisolated(unsafe) let results = results
      parallel(count) { results[$0] = body($0) }
    }
    return results.compactMap { $0 }
  }

  /// The most that rounding may add to the squares of the centroids' deviations from their mean.
  static let halfPrecisionLoss = 1e-6

  /// Centroids rounded to half precision; `nil` when that would lose anything worth having: components out
  /// of range, or too small or too close together for 11 bits.
  static func halfPrecision(_ clusters: [[Float]], length: Int) -> [[Float]]? {
    var lost = 0.0
    var spread = 0.0
    var halves = clusters
    for subvector in clusters.indices {
      let cluster = clusters[subvector]
      for position in 0..<length {
        let places = stride(from: position, to: cluster.count, by: length)
        let mean = places.reduce(0) { $0 + Double(cluster[$1]) } / Double(cluster.count / length)
        for place in places {
          guard let half = HalfPrecision.bits(of: cluster[place]).flatMap(HalfPrecision.value(of:))
          else { return nil }
          let error = Double(half) - Double(cluster[place])
          lost += error * error
          spread += (Double(cluster[place]) - mean) * (Double(cluster[place]) - mean)
          halves[subvector][place] = half
        }
      }
    }
    return lost <= halfPrecisionLoss * spread ? halves : nil
  }
}
