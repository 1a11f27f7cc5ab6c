/// The parameters of product quantisation.
///
/// A vector is cut into ``subvectors`` of equal length, and each is stored as the number of the nearest of its
/// own ``centroids``: one byte, whatever the length. All candidates of a search are compared by their
/// originals. Segments with fewer than ``leastVectors`` vectors are stored as `int8` until they are
/// merged into larger ones: so few are not worth a codebook.
public struct ProductConfiguration: Hashable, Sendable {
  /// How the centroids are chosen.
  public enum Encoder: Hashable, Sendable {
    /// By k-means, for each subvector on its own.
    case kmeans
    /// By quantiles of a distribution that is fitted to each component. Every component is a subvector.
    case tile(Distribution)
  }

  /// What the components of vectors are taken to be distributed like.
  public enum Distribution: String, CaseIterable, Hashable, Sendable {
    /// For components above zero, such as counts.
    case logNormal = "log-normal"
    /// For components around some mean.
    case normal
  }

  /// Parts that a vector is cut into, and bytes that it takes: a divisor of the dimensions. 0 chooses by
  /// the dimensions: about d/2 for small ones, up to d/8 from 2,048 on.
  public var subvectors: Int
  /// Values that a part may have, 2 to 256.
  public var centroids: Int
  /// The most vectors of a segment that the centroids are trained on, at least ``centroids``.
  public var trainingLimit: Int
  /// How the centroids are chosen.
  public var encoder: Encoder

  /// The usual ``centroids``.
  public static let defaultCentroids = 256
  /// The usual ``trainingLimit``.
  public static let defaultTrainingLimit = 100_000

  /// Creates a configuration; what is not said is as usual.
  public init(
    subvectors: Int = 0, centroids: Int = ProductConfiguration.defaultCentroids,
    trainingLimit: Int = ProductConfiguration.defaultTrainingLimit, encoder: Encoder = .kmeans
  ) {
    self.subvectors = subvectors
    self.centroids = centroids
    self.trainingLimit = trainingLimit
    self.encoder = encoder
  }
}

extension ProductConfiguration.Encoder: CustomStringConvertible {
  /// `kmeans`, `tile log-normal` or `tile normal`.
  public var description: String {
    switch self {
    case .kmeans: "kmeans"
    case .tile(let distribution): "tile \(distribution.rawValue)"
    }
  }
}

extension ProductConfiguration {
  /// What is wrong with the values, as sentences; what depends on dimensions is not looked at without them.
  func problems(dimensions: Int?) -> [String] {
    var problems = [
      ConfigurationLimits.problem("centroids", centroids, ConfigurationLimits.centroids),
      ConfigurationLimits.problem("trainingLimit", trainingLimit, ConfigurationLimits.training),
    ].compactMap(\.self)
    if trainingLimit < centroids, problems.isEmpty {
      problems.append(
        "trainingLimit is \(trainingLimit); it must be at least centroids, \(centroids)")
    }
    if subvectors < 0 { problems.append("subvectors is \(subvectors); it must be 0 or more") }
    if let dimensions, ConfigurationLimits.dimensions.contains(dimensions), subvectors > 0,
      dimensions % subvectors != 0
    {
      let (below, above) = ProductConfiguration.divisors(of: dimensions, around: subvectors)
      let nearest = [below, above].compactMap { $0.map(String.init) }.joined(separator: " or ")
      problems.append(
        "subvectors is \(subvectors), which does not divide the \(dimensions) dimensions; the nearest "
          + "that do: \(nearest)")
    }
    if case .tile = encoder { problems += tileProblems(dimensions: dimensions) }
    return problems
  }

  private func tileProblems(dimensions: Int?) -> [String] {
    var problems: [String] = []
    if let dimensions, subvectors > 0, subvectors != dimensions {
      problems.append(
        "subvectors is \(subvectors); the encoder tile needs one for each of the \(dimensions) "
          + "dimensions (0 means that)")
    }
    if centroids > 0, centroids & (centroids - 1) != 0 {
      problems.append("centroids is \(centroids); the encoder tile needs a power of two")
    }
    return problems
  }

  /// The divisors of `dimensions` nearest to a number that is none.
  static func divisors(of dimensions: Int, around number: Int) -> (below: Int?, above: Int?) {
    var below: Int?
    for divisor in 1...dimensions where dimensions % divisor == 0 {
      if divisor > number { return (below, divisor) }
      below = divisor
    }
    return (below, nil)
  }
}
