/// The mean of a sample, which encodings of differences from a centre use as theirs.
package struct CenterTrainer: Sendable {
  private let metric: Metric
  private let dimensions: Int
  private var sums: [Double]
  private var count = 0.0

  /// A trainer that has seen nothing.
  package init(metric: Metric, dimensions: Int) {
    self.metric = metric
    self.dimensions = dimensions
    sums = [Double](repeating: 0, count: dimensions)
  }

  /// Takes one vector of the sample, as its owner gave it; for cosine it is normalised.
  package mutating func add(_ vector: UnsafePointer<Float>) {
    count += 1
    let dimensions = dimensions
    let metric = metric
    sums.withUnsafeMutableBufferPointer { sums in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, dimensions)) { scratch in
        guard let base = scratch.baseAddress else { return }
        Normalization.copy(vector, count: dimensions, metric: metric, to: base)
        for index in 0..<dimensions { sums[index] += Double(base[index]) }
      }
    }
  }

  /// The mean of what was seen, `nil` when that is nothing.
  package var center: [Float]? { count > 0 ? sums.map { Wide.finite($0 / count) } : nil }
}
