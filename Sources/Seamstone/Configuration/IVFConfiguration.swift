/// The parameters of the index of inverted lists: vectors lie in lists around centroids, and a search looks into the
/// lists whose centroids are nearest.
public struct IVFConfiguration: Hashable, Sendable {
  /// The number of lists; nil leaves it to the number of vectors: 4·√n, but at least 39 vectors for each.
  public var lists: Int?
  /// How many lists a search looks into that names no `ef`; nil leaves it to the number of lists: one of 32, and at
  /// least 8. A search goes on to further lists until it has found as many vectors as it wants.
  public var probes: Int?
  /// The vectors that the centroids are trained on at most; nil leaves it to the number of lists: 64 for each.
  public var trainingLimit: Int?
  /// The seed of the sample and of the first centroids: the same data and seed give the same lists.
  public var seed: UInt64

  /// The usual ``seed``.
  public static let defaultSeed: UInt64 = 100

  /// Creates a configuration; what is not said is as usual.
  public init(
    lists: Int? = nil, probes: Int? = nil, trainingLimit: Int? = nil,
    seed: UInt64 = IVFConfiguration.defaultSeed
  ) {
    self.lists = lists
    self.probes = probes
    self.trainingLimit = trainingLimit
    self.seed = seed
  }

  /// What is wrong with the values, as sentences.
  var problems: [String] {
    var problems: [String] = []
    let values = [
      ("lists", lists, ConfigurationLimits.lists), ("probes", probes, ConfigurationLimits.lists),
      ("trainingLimit", trainingLimit, ConfigurationLimits.training),
    ]
    for (name, value, range) in values {
      guard let value, let problem = ConfigurationLimits.problem(name, value, range) else {
        continue
      }
      problems.append(problem)
    }
    // Stored as a signed number, as JSON numbers are.
    if seed > UInt64(Int64.max) { problems.append("seed is \(seed); it must be at most 2^63 - 1") }
    return problems
  }
}
