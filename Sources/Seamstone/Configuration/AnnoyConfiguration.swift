/// The parameters of the forest index.
///
/// A forest is built once, from all vectors there are (``Collection/build()``). Until then they are compared one by
/// one; from then on the collection takes no changes.
public struct AnnoyConfiguration: Hashable, Sendable {
  /// Trees of the forest: more find more, and take more memory and time to build.
  public var trees: Int
  /// Candidates that a search that does not name a number looks at, those that several trees propose counted as
  /// often; nil for ``trees`` times the results wanted.
  public var searchK: Int?
  /// The seed of all that is drawn: the same data and seed give the same forest.
  public var seed: UInt64

  /// The usual ``trees``.
  public static let defaultTrees = 10
  /// The usual ``seed``.
  public static let defaultSeed: UInt64 = 100

  /// Creates a configuration; what is not said is as usual.
  public init(
    trees: Int = AnnoyConfiguration.defaultTrees, searchK: Int? = nil,
    seed: UInt64 = AnnoyConfiguration.defaultSeed
  ) {
    self.trees = trees
    self.searchK = searchK
    self.seed = seed
  }

  /// What is wrong with the values, as sentences.
  var problems: [String] {
    var problems: [String] = []
    let limits = [
      ConfigurationLimits.problem("trees", trees, ConfigurationLimits.trees),
      searchK.flatMap { ConfigurationLimits.problem("searchK", $0, ConfigurationLimits.searchK) },
    ]
    problems += limits.compactMap(\.self)
    // Stored as a signed number, as JSON numbers are.
    if seed > UInt64(Int64.max) { problems.append("seed is \(seed); it must be at most 2^63 - 1") }
    return problems
  }

  /// Why no forest can be built over vectors that are stored so; nil where one can.
  static func problem(encoding: VectorEncoding) -> String? {
    switch encoding {
    case .float32, .float16, .int8: nil
    default:
      "the index annoy takes the encodings float32, float16 and int8, not \(encoding.name): a split needs vectors "
        + "that can be compared with each other"
    }
  }
}

extension AnnoyConfiguration {
  /// The candidates of a search for `limit` results that names no number.
  func candidates(limit: Int) -> Int {
    if let searchK { return max(searchK, limit) }
    let (product, overflow) = trees.multipliedReportingOverflow(by: max(limit, 1))
    return overflow ? .max : product
  }
}
