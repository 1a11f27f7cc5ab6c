extension VectorEncoding {
  /// Which candidates of a search are compared by their originals.
  enum Rescoring: Hashable, Sendable {
    /// None: distances are those of the codes.
    case off
    /// As many as results are wanted and a few more; `atLeast` so many.
    case margin(atLeast: Int)
    /// The best so many; all of them when more results are wanted.
    case best(Int)
    /// All that were found.
    case all
  }

  /// Which candidates are compared.
  var rescoring: Rescoring {
    switch self {
    case .float32, .float16, .bits: return .margin(atLeast: 0)
    case .int8(let scalar):
      if scalar.rescoreLimit == 0 { return .off }
      let isUsual = scalar.rescoreLimit <= ScalarConfiguration.defaultRescoreLimit
      return .margin(atLeast: isUsual ? 0 : scalar.rescoreLimit)
    case .int4(let scalar): return scalar.rescoreLimit == 0 ? .off : .best(scalar.rescoreLimit)
    case .pq: return .all
    case .binary(let binary):
      guard let limit = binary.rescoreLimit else { return .all }
      return limit == 0 ? .off : .best(limit)
    case .rabitq(let rotated):
      let limit = rotated.effectiveRescoreLimit
      return limit == 0 ? .off : .best(limit)
    }
  }
}
