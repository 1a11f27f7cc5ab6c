/// Makes the map of a plan for vectors like those of a sample.
///
/// PCA keeps the directions of the largest variance (Pearson, 1901). OPQ divides these, or all of them, among the parts of the
/// vector so that the products of the variances are alike, which is the best rotation for product quantisation of normal
/// distributions (Ge, He, Ke and Sun, "Optimized Product Quantization", 2013, the parametric solution; on text-25k, in 48
/// parts, it takes the error from 0.255 to 0.141 of the squared length, and the iterations of the other solution from there to
/// 0.133). Either way directions are then turned at random, all of them or those of each part among themselves: that
/// changes no distance, and gives components of one size, as the encodings' maps want them.
package struct TransformTrainer {
  let plan: TransformPlan
  let metric: Metric
  let inputs: Int

  /// - Precondition: ``TransformPlan/failure(inputs:metric:)`` is nil; otherwise nothing is made.
  package init(_ plan: TransformPlan, metric: Metric, inputs: Int) {
    self.plan = plan
    self.metric = metric
    self.inputs = inputs
  }

  /// Learns from `count` vectors that follow each other, all finite, a sample of `rows`. The same vectors give the same bits
  /// with any `parallel`. `isCancelled` is asked now and then, on the calling thread; nothing is made once it says so.
  package func train(
    _ samples: UnsafePointer<Float>, count: Int, rows: Int,
    isCancelled: () -> Bool = { false }, parallel: ParallelLoop = sequentialLoop
  ) -> LinearTransform? {
    guard count > 0, plan != .none, plan.failure(inputs: inputs, metric: metric) == nil else {
      return nil
    }
    let moments = SecondMoments(
      samples, count: count, dimensions: inputs, metric: metric, isCancelled: isCancelled,
      parallel: parallel)
    let eigen = SymmetricEigen(moments.matrix, size: inputs, isCancelled: isCancelled)
    guard eigen.isFinished else { return nil }
    let outputs = plan.outputs(of: inputs)
    let variances = eigen.values.map { max(0, $0) }
    let all = variances.reduce(0, +)
    let kept = outputs < inputs && all > 0 ? variances.prefix(outputs).reduce(0, +) / all : 1
    var matrix: [Float] = []
    matrix.reserveCapacity(outputs * inputs)
    for (part, directions) in parts(variances).enumerated() {
      let vectors = directions.map {
        Array(eigen.vectors[$0 * inputs..<($0 + 1) * inputs])
      }
      RandomTurn(size: vectors.count, seed: SeededRandom.mix(plan.seed, UInt64(part)))
        .rotate(vectors, columns: inputs, into: &matrix)
    }
    let header = LinearTransform.Header(
      plan: plan, metric: metric, inputs: inputs, rows: rows, kept: Float(min(kept, 1)))
    return LinearTransform(header, mean: moments.mean, matrix: matrix)
  }

  /// The directions of each part: the largest goes to the part whose variances have the smallest product so far and that has
  /// room.
  private func parts(_ variances: [Double]) -> [[Int]] {
    let outputs = plan.outputs(of: inputs)
    guard case .opq(let count, _, _) = plan else { return [Array(0..<outputs)] }
    let room = outputs / count
    let least = max(variances[outputs - 1], variances[0] * 1e-12, .leastNormalMagnitude)
    var parts = [[Int]](repeating: [], count: count)
    // Exponents in place of logarithms, which are not the same everywhere.
    var products = [ScaledProduct](repeating: ScaledProduct(), count: count)
    for direction in 0..<outputs {
      var best: Int?
      for part in 0..<count where parts[part].count < room {
        if let known = best, !(products[part] < products[known]) { continue }
        best = part
      }
      guard let best else { break }
      parts[best].append(direction)
      // Divided by the smallest: no product gets less by one more direction.
      products[best].multiply(by: max(variances[direction], least) / least)
    }
    return parts
  }
}

/// A product of many numbers that leaves no range.
struct ScaledProduct: Comparable {
  private var exponent = 0
  private var significand = 1.0

  mutating func multiply(by factor: Double) {
    let product = significand * factor.significand
    exponent += Int(factor.exponent) + Int(product.exponent)
    significand = product.significand
  }

  static func < (a: ScaledProduct, b: ScaledProduct) -> Bool {
    (a.exponent, a.significand) < (b.exponent, b.significand)
  }
}
