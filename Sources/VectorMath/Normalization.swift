/// Scaling to unit length, as cosine needs it. A zero vector stays zero.
package enum Normalization {
  /// Squared lengths whose square root and reciprocal are safe in 32 bits; outside, 64 bits are used.
  static let safeSquares: ClosedRange<Float> = 1e-30...1e30

  /// What to multiply a vector with to give it unit length: 0 for a zero vector, `nil` when 32 bits do
  /// not suffice for this one (components near the ends of `Float`'s range).
  package static func scale(
    of vector: UnsafePointer<Float>, count: Int, kernels: DistanceKernels = .best
  ) -> Float? {
    let square = kernels.floatDot(vector, vector, count)
    if safeSquares.contains(square) { return 1 / square.squareRoot() }
    return Wide.length(vector, count) == 0 ? 0 : nil
  }

  /// Scales a vector to unit length in place.
  package static func normalize(
    _ vector: UnsafeMutablePointer<Float>, count: Int, kernels: DistanceKernels = .best
  ) {
    if let scale = scale(of: vector, count: count, kernels: kernels) {
      for index in 0..<count { vector[index] *= scale }
    } else {
      let length = Wide.length(vector, count)
      for index in 0..<count { vector[index] = Float(Double(vector[index]) / length) }
    }
  }

  /// A copy scaled to unit length.
  package static func normalized(
    _ vector: UnsafeBufferPointer<Float>, kernels: DistanceKernels = .best
  ) -> [Float] {
    var copy = Array(vector)
    copy.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      normalize(base, count: buffer.count, kernels: kernels)
    }
    return copy
  }

  /// Copies a vector as `metric` compares it: normalised for cosine, otherwise as it is.
  static func copy(
    _ vector: UnsafePointer<Float>, count: Int, metric: Metric,
    to copy: UnsafeMutablePointer<Float>
  ) {
    copy.update(from: vector, count: count)
    if metric == .cosine { normalize(copy, count: count) }
  }
}
