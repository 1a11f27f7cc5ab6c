import VectorIndexes
import VectorMath

/// What segments do to vectors before they store them: a linear map, trained on a sample of the collection's vectors, that
/// makes them shorter or easier to code. Queries go through the same map.
///
/// Originals are kept as they are, and the best candidates are compared by them: distances are exact, and exact searches know
/// nothing of the map. Segments of fewer than 1,000 vectors store them as they are. Goes with cosine, dot and
/// l2-squared, and with the indexes flat, hnsw and ivf.
public enum VectorTransform: Hashable, Sendable {
  /// Vectors are stored as they are.
  case none
  /// The `dimensions` directions of the largest variance (principal component analysis).
  case pca(dimensions: Int)
  /// A rotation after which product quantisation in `subvectors` parts loses less (optimised product quantisation: Ge, He, Ke
  /// and Sun, 2013, the parametric solution); of the `dimensions` directions of the largest variance, or of all of them.
  case opq(subvectors: Int, dimensions: Int? = nil)

  /// The name of the kind in configurations: `none`, `pca` or `opq`.
  public var name: String {
    switch self {
    case .none: "none"
    case .pca: "pca"
    case .opq: "opq"
    }
  }

  /// Every ``name``.
  static let names = ["none", "pca", "opq"]

  /// Components of what is stored of vectors of `dimensions` components.
  func outputs(of dimensions: Int) -> Int {
    switch self {
    case .none, .opq(_, nil): dimensions
    case .pca(let outputs), .opq(_, let outputs?): outputs
    }
  }

  /// Whether components are left out, as far as is known.
  func isReducing(_ dimensions: Int?) -> Bool {
    switch self {
    case .none, .opq(_, nil): false
    case .pca(let outputs), .opq(_, let outputs?): outputs != dimensions
    }
  }
}

extension VectorTransform: LosslessStringConvertible {
  /// In a word: `none`, `pca:64`, `opq:16`, `opq:16:64`.
  public var description: String {
    switch self {
    case .none, .pca, .opq(_, nil): ([name] + numbers.map { "\($0)" }).joined(separator: ":")
    case .opq(let subvectors, let dimensions?): "opq:\(subvectors):\(dimensions)"
    }
  }

  private var numbers: [Int] {
    switch self {
    case .none: []
    case .pca(let dimensions): [dimensions]
    case .opq(let subvectors, _): [subvectors]
    }
  }

  /// Reads a ``description``; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.dropFirst().map { Int($0) }
    switch (parts.first, numbers.count) {
    case ("none", 0): self = .none
    case ("pca", 1):
      guard let dimensions = numbers[0] else { return nil }
      self = .pca(dimensions: dimensions)
    case ("opq", 1):
      guard let subvectors = numbers[0] else { return nil }
      self = .opq(subvectors: subvectors)
    case ("opq", 2):
      guard let subvectors = numbers[0], let dimensions = numbers[1] else { return nil }
      self = .opq(subvectors: subvectors, dimensions: dimensions)
    default: return nil
    }
  }
}

extension VectorTransform {
  /// Everything that is wrong with the values, as sentences, or that does not go with the rest of a configuration.
  func problems(of configuration: CollectionConfiguration) -> [String] {
    guard self != .none else { return [] }
    var problems = valueProblems
    switch configuration.metric {
    case .cosine, .dot, .l2Squared: break
    case .manhattan, .hamming:
      problems.append(
        "the transform \(self) does not go with the metric \(configuration.metric): rotations change its distances; "
          + "use cosine, dot or l2-squared")
    }
    switch configuration.index {
    case .flat, .hnsw, .ivf: break
    case .annoy, .custom, .hash:
      problems.append(
        "the transform \(self) does not go with the index \(configuration.index.name), which takes vectors as they are; "
          + "use flat, hnsw or ivf")
    }
    guard problems.isEmpty, let dimensions = configuration.dimensions else { return problems }
    let outputs = outputs(of: dimensions)
    if outputs > dimensions {
      problems.append(
        "the transform \(self) makes more than the \(dimensions) components there are")
    }
    if case .opq(let subvectors, nil) = self, dimensions % subvectors != 0 {
      problems.append(
        "the transform \(self) has \(subvectors) subvectors, which do not divide \(dimensions) components"
      )
    }
    return problems
  }

  private var valueProblems: [String] {
    switch self {
    case .none: return []
    case .pca(let dimensions):
      return [
        ConfigurationLimits.problem(
          "transform.dimensions", dimensions, ConfigurationLimits.dimensions)
      ].compactMap(\.self)
    case .opq(let subvectors, let dimensions):
      let problems = [
        ConfigurationLimits.problem(
          "transform.subvectors", subvectors, ConfigurationLimits.dimensions),
        dimensions.flatMap {
          ConfigurationLimits.problem("transform.dimensions", $0, ConfigurationLimits.dimensions)
        },
      ].compactMap(\.self)
      guard problems.isEmpty, let dimensions, dimensions % subvectors != 0 else { return problems }
      return [
        "the transform \(self) has \(subvectors) subvectors, which do not divide \(dimensions) components"
      ]
    }
  }
}

extension CollectionConfiguration {
  /// Which candidates are compared by their originals: where components are left out, all that were found.
  var rescoring: VectorEncoding.Rescoring {
    let usual = encoding.rescoring
    return usual == .off || !transform.isReducing(dimensions) ? usual : .all
  }

  /// What is wrong with the encoding of vectors as the transform makes them.
  var encodingProblems: [String] {
    encoding.problems(
      elementType: elementType, metric: metric,
      dimensions: dimensions.map { transform.outputs(of: $0) })
  }
}
