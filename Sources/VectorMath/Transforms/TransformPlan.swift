/// What is done to vectors before a segment stores them: a linear map is trained on them, and rows are what it makes of them.
package enum TransformPlan: Sendable, Hashable {
  /// Nothing.
  case none
  /// The directions of the largest variance.
  case pca(dimensions: Int, seed: UInt64)
  /// A rotation, of all components or of the `dimensions` directions of the largest variance, after which `subvectors` parts
  /// can be coded each on its own with little loss.
  case opq(subvectors: Int, dimensions: Int, seed: UInt64)

  /// Fewer rows than this are stored as they are: there is too little to learn from. No codebook is trained on fewer
  /// either.
  package static let leastRows = 1_000
  /// The most rows that a map is trained on.
  static let mostSamples = 50_000
  /// The most products that training adds up, about.
  private static let mostProducts = 1 << 35

  /// The plan for a segment of so many rows.
  package func applied(toRows rows: Int) -> TransformPlan { rows < Self.leastRows ? .none : self }

  /// Components of what is stored of vectors of `inputs` components.
  package func outputs(of inputs: Int) -> Int {
    switch self {
    case .none: inputs
    case .pca(let dimensions, _), .opq(_, let dimensions, _): dimensions
    }
  }

  /// Draws the rows to train on, and the rotations.
  package var seed: UInt64 {
    switch self {
    case .none: 0
    case .pca(_, let seed), .opq(_, _, let seed): seed
    }
  }

  /// Rows that are trained on, of vectors of `inputs` components.
  package static func samples(inputs: Int) -> Int {
    min(mostSamples, max(4 * inputs, mostProducts / max(1, inputs * inputs)))
  }

  /// Whether maps of both are the same but for what they were trained on.
  package func isInterchangeable(with other: TransformPlan) -> Bool {
    switch (self, other) {
    case (.none, .none): true
    case (.pca(let a, _), .pca(let b, _)): a == b
    case (.opq(let parts, let a, _), .opq(let others, let b, _)): parts == others && a == b
    default: false
    }
  }

  /// Why no such map can be made; nil if it can.
  package func failure(inputs: Int, metric: Metric) -> String? {
    switch self {
    case .none: return nil
    case .pca(let outputs, _), .opq(_, let outputs, _):
      guard metric != .manhattan, metric != .hamming else {
        return "rotations change \(metric) distances"
      }
      guard outputs > 0, outputs <= inputs else {
        return "\(outputs) components cannot be made of \(inputs)"
      }
      if case .opq(let parts, _, _) = self, parts < 1 || outputs % parts != 0 {
        return "\(parts) subvectors do not divide \(outputs) components"
      }
      return nil
    }
  }
}

extension TransformPlan: CustomStringConvertible {
  /// As configurations name it: `none`, `pca:64`, `opq:16:64`.
  package var description: String {
    switch self {
    case .none: "none"
    case .pca(let dimensions, _): "pca:\(dimensions)"
    case .opq(let subvectors, let dimensions, _): "opq:\(subvectors):\(dimensions)"
    }
  }
}
