import VectorMath

extension VectorEncoding {
  /// Everything that is wrong with the values, as sentences, or that does not go with the metric or the
  /// dimensions (once these are known).
  func problems(
    elementType: ElementType, metric: Metric, dimensions: Int?
  ) -> [String] {
    if let reason = reasonAgainst(elementType) {
      return ["the encoding \(name) does not go with the element type \(elementType): \(reason)"]
    }
    var problems: [String] = []
    if let reason = reasonAgainst(metric) {
      problems.append("the encoding \(name) does not go with the metric \(metric): \(reason)")
    }
    switch self {
    case .float32, .float16, .bits: break
    case .int8(let scalar), .int4(let scalar): problems += scalar.problems
    case .pq(let product): problems += product.problems(dimensions: dimensions)
    case .binary(let binary): problems += binary.problems
    case .rabitq(let rotated): problems += rotated.problems
    }
    return problems
  }

  /// Why vectors of an element type cannot be stored in this encoding; nil if they can.
  private func reasonAgainst(_ elementType: ElementType) -> String? {
    switch (self, elementType) {
    case (.bits, .bits): nil
    case (.bits, .float32):
      "it stores packed bits, not numbers; use binary for the signs of numbers"
    case (_, .bits): "packed bits are stored as they are; use bits"
    default: nil
    }
  }

  /// Why rows of this encoding cannot be compared under a metric; nil if they can.
  private func reasonAgainst(_ metric: Metric) -> String? {
    switch (self, metric) {
    case (.float32, _), (.bits, _): nil
    case (_, .hamming):
      "it counts components that are not exactly equal, which needs float32"
    case (.binary, .manhattan), (.rabitq, .manhattan):
      "its codes estimate dot products, of which sums of absolute differences are no function; use float16, "
        + "int8, int4 or pq"
    default: nil
    }
  }
}
