/// How many candidates an HNSW search keeps at a time (`ef`): the wider, the better the recall and
/// the slower the search. A query can name its own.
public enum BeamWidth: Hashable, Sendable {
  /// Always this many, but never fewer than results are asked for.
  case fixed(Int)
  /// `factor` times as many as results are asked for, at least `minimum` and at most `maximum`, but
  /// never fewer than the results.
  case dynamic(minimum: Int, maximum: Int, factor: Int)

  /// Weaviate's defaults: `dynamic(minimum: 100, maximum: 500, factor: 8)`.
  public static let automatic = BeamWidth.dynamic(minimum: 100, maximum: 500, factor: 8)
}

extension BeamWidth {
  /// The beam for a search of `limit` results (offset included).
  public func resolved(limit: Int) -> Int {
    switch self {
    case .fixed(let width): return max(width, limit)
    case .dynamic(let minimum, let maximum, let factor):
      let (product, overflow) = limit.multipliedReportingOverflow(by: factor)
      var width = overflow ? .max : product
      // The order matters: where minimum > maximum, a small product still becomes the minimum.
      if width > maximum {
        width = maximum
      } else if width < minimum {
        width = minimum
      }
      return max(width, limit)
    }
  }

  /// What is wrong with the values, as sentences.
  var problems: [String] {
    switch self {
    case .fixed(let width):
      return ConfigurationLimits.beam.contains(width)
        ? [] : ["ef is \(width); it must be \(ConfigurationLimits.text(ConfigurationLimits.beam))"]
    case .dynamic(let minimum, let maximum, let factor):
      var problems: [String] = []
      for (name, value) in [("dynamicEfMin", minimum), ("dynamicEfMax", maximum)]
      where !ConfigurationLimits.beam.contains(value) {
        let range = ConfigurationLimits.text(ConfigurationLimits.beam)
        problems.append("\(name) is \(value); it must be \(range)")
      }
      if minimum > maximum {
        problems.append("dynamicEfMin (\(minimum)) is larger than dynamicEfMax (\(maximum))")
      }
      if !ConfigurationLimits.beamFactor.contains(factor) {
        let range = ConfigurationLimits.text(ConfigurationLimits.beamFactor)
        problems.append("dynamicEfFactor is \(factor); it must be \(range)")
      }
      return problems
    }
  }
}
