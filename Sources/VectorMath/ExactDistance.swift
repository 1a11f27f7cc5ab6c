/// The definition of the distances that searches return: one query against originals as their owners
/// gave them.
///
/// The same inputs give the same bits on one machine, at any alignment of the row. Distances are never
/// NaN or infinite for finite inputs: sums that overflow are redone in 64 bits and limited to the
/// largest finite `Float`.
package struct ExactDistance: Sendable {
  /// The metric.
  package let metric: Metric
  /// The query as the kernels take it: normalised for cosine, otherwise as given. Empty for packed bits.
  package let query: [Float]
  /// The query where rows are packed bits: all of them are compared by counting bits that differ.
  package let bits: [UInt8]?
  private let kernels: DistanceKernels

  /// Prepares a query; for cosine it is normalised once.
  package init(
    metric: Metric, query: UnsafeBufferPointer<Float>, kernels: DistanceKernels = .best
  ) {
    self.metric = metric
    self.kernels = kernels
    self.query =
      metric == .cosine ? Normalization.normalized(query, kernels: kernels) : Array(query)
    bits = nil
  }

  /// Prepares a query of packed bits, whose metric is hamming.
  package init(bits: [UInt8], kernels: DistanceKernels = .best) {
    metric = .hamming
    self.kernels = kernels
    query = []
    self.bits = bits
  }

  /// Prepares a query of either element type; packed bits are compared by hamming, whatever the metric.
  package init(metric: Metric, query: VectorValue, kernels: DistanceKernels = .best) {
    switch query {
    case .floats(let components): self.init(metric: metric, query: components, kernels: kernels)
    case .bits(let bytes): self.init(bits: bytes, kernels: kernels)
    }
  }

  /// Prepares a query; for cosine it is normalised once.
  package init(metric: Metric, query: [Float], kernels: DistanceKernels = .best) {
    self = query.withUnsafeBufferPointer {
      ExactDistance(metric: metric, query: $0, kernels: kernels)
    }
  }

  /// The number of components of the query and of every row.
  package var dimensions: Int { bits.map { $0.count * 8 } ?? query.count }

  /// The distance of an original as it is stored. `row` has as many components as the query and its element type,
  /// at any address.
  package func distance(toUnaligned row: UnsafeRawPointer) -> Float {
    guard let bits else { return distance(to: row.assumingMemoryBound(to: Float.self)) }
    return bits.withUnsafeBufferPointer { query in
      guard let base = query.baseAddress else { return 0 }
      return Float(
        kernels.bitsHamming(base, row.assumingMemoryBound(to: UInt8.self), query.count))
    }
  }

  /// The distance of an original of floats. `row` has as many components as the query, at any address.
  package func distance(to row: UnsafePointer<Float>) -> Float {
    query.withUnsafeBufferPointer { query in
      guard let base = query.baseAddress else { return metric == .cosine ? 1 : 0 }
      let distance = distance(base, row, query.count)
      if distance.isFinite { return distance }
      return Wide.finite(Wide.distance(metric, base, row, query.count))
    }
  }

  /// The distance in 32 bits; NaN or infinite when they do not suffice.
  private func distance(
    _ query: UnsafePointer<Float>, _ row: UnsafePointer<Float>, _ count: Int
  ) -> Float {
    switch metric {
    case .cosine:
      guard let scale = Normalization.scale(of: row, count: count, kernels: kernels) else {
        return .nan
      }
      let cosine = kernels.floatDot(query, row, count) * scale
      return cosine.isNaN ? cosine : max(0, 1 - cosine)
    case .dot: return 0 - kernels.floatDot(query, row, count)
    case .l2Squared: return kernels.floatL2(query, row, count)
    case .manhattan: return kernels.floatL1(query, row, count)
    case .hamming: return Float(kernels.floatUnequal(query, row, count))
    }
  }
}
