import CVectorKernels

/// Distances of one float query to rows given by codes and residuals: the second look at the best
/// candidates of a search, about 15 bits per component.
///
/// The result equals, bit for bit, the kernels' distance to the decoded row; where a row decodes
/// to its original exactly (``EncodeOutcome/exact``), it is ``ExactDistance``'s.
package struct ResidualScorer: Sendable {
  /// The query: normalised for cosine, otherwise as given.
  private let query: [Float]
  private let metric: Metric
  private let map: vk_map
  private let score: vk_residual

  /// Prepares a query of the quantiser's dimensions.
  package init(
    quantizer: ScalarQuantizer, query: UnsafePointer<Float>, kernels: DistanceKernels = .best
  ) {
    let query = UnsafeBufferPointer(start: query, count: quantizer.dimensions)
    metric = quantizer.metric
    map = quantizer.map.functions
    self.query =
      metric == .cosine ? Normalization.normalized(query, kernels: kernels) : Array(query)
    score =
      switch metric {
      case .cosine, .dot: kernels.functions.residual_dot
      case .manhattan: kernels.functions.residual_l1
      case .l2Squared, .hamming: kernels.functions.residual_l2
      }
  }

  /// The distance of one row; both pointers name as many bytes as the query has components.
  package func distance(
    codes: UnsafePointer<UInt8>, residuals: UnsafePointer<UInt8>
  ) -> Float {
    var map = map
    let sum = query.withUnsafeBufferPointer { query in
      query.baseAddress.map { score($0, codes, residuals, query.count, &map) } ?? 0
    }
    return distance(of: sum)
  }

  /// The distances of the rows named by `ordinals`, prefetched ahead: row i's codes start at
  /// `codes + ordinals[i] * codeStride`, its residuals at `residuals + ordinals[i] * residualStride`.
  /// Writes `ordinals.count` numbers to `distances`.
  package func distances(
    codes: UnsafePointer<UInt8>, codeStride: Int, residuals: UnsafePointer<UInt8>,
    residualStride: Int, ordinals: UnsafeBufferPointer<UInt32>,
    into distances: UnsafeMutablePointer<Float>
  ) {
    guard let first = ordinals.baseAddress else { return }
    var map = map
    query.withUnsafeBufferPointer { query in
      guard let base = query.baseAddress else { return }
      vk_residual_gather(
        score, base, codes, codeStride, residuals, residualStride, first, ordinals.count,
        query.count, &map, distances)
    }
    for index in 0..<ordinals.count { distances[index] = distance(of: distances[index]) }
  }

  /// What the kernel's sum means; never NaN.
  private func distance(of sum: Float) -> Float {
    let distance =
      switch metric {
      case .cosine: max(0, 1 - sum)
      case .dot: 0 - sum
      default: sum
      }
    let limit = Float.greatestFiniteMagnitude
    return distance.isNaN ? limit : min(max(distance, -limit), limit)
  }
}
