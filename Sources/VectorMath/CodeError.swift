/// How far the codes of some rows are from the vectors that they stand for.
///
/// In the norm that the metric's bound needs (``CodeBound``): city-block for manhattan, Euclidean
/// otherwise, and for cosine between unit vectors. Computed in 64 bits and never too small.
package struct CodeError: Sendable, Equatable {
  /// The largest distance between a vector and what its codes decode to.
  package private(set) var largest = 0.0
  /// The largest length of what codes decode to; only dot needs it, 0 for the other metrics.
  package private(set) var longest = 0.0

  /// The error of no rows at all.
  package init() {}

  /// An error as it was measured, rounded up by more than the arithmetic may have lost.
  init(largest: Double, longest: Double, dimensions: Int) {
    let excess = 1 + 1e-15 * Double(dimensions + 16)
    self.largest = largest * excess
    self.longest = longest * excess
  }

  /// Takes in the error of other rows.
  package mutating func formUnion(_ other: CodeError) {
    largest = max(largest, other.largest)
    longest = max(longest, other.longest)
  }
}

extension ScalarQuantizer {
  /// The error of the codes that ``encode(_:codes:residuals:)`` made of `vector`.
  package func error(
    of vector: UnsafePointer<Float>, codes: UnsafePointer<UInt8>
  ) -> CodeError {
    let scale = metric == .cosine ? unitScale(vector) : 1
    let first = Double(map.firstMiddle)
    let step = Double(map.step)
    var sum = 0.0
    var square = 0.0
    for index in 0..<dimensions {
      let decoded = first + step * Double(codes[index])
      let difference = Double(vector[index]) * scale - decoded
      sum += metric == .manhattan ? abs(difference) : difference * difference
      square += decoded * decoded
    }
    return CodeError(
      largest: metric == .manhattan ? sum : sum.squareRoot(),
      longest: metric == .dot ? square.squareRoot() : 0, dimensions: dimensions)
  }

  /// What gives a vector unit length; 0 for a zero vector.
  private func unitScale(_ vector: UnsafePointer<Float>) -> Double {
    let length = Wide.length(vector, dimensions)
    return length > 0 ? 1 / length : 0
  }
}
