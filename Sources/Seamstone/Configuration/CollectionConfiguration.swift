public import StorageIO
public import VectorMath

/// What a collection is told when it is created.
public struct CollectionConfiguration: Hashable, Sendable {
  /// The length of every vector; nil lets the first vector written decide.
  public var dimensions: Int?
  /// How distances are defined. It never changes.
  public var metric: Metric
  /// How neighbours are found.
  public var index: IndexConfiguration
  /// How segments store vectors.
  public var encoding: VectorEncoding
  /// What is done to vectors before segments store them.
  public var transform: VectorTransform
  /// How searches with a filter are planned.
  public var filtering: FilterPlanning
  /// The name of the ``Vectorizer`` that makes vectors of texts; nil, or `none`, for none. It never
  /// changes.
  public var vectorizer: String? {
    didSet { if vectorizer == VectorizerName.none { vectorizer = nil } }
  }
  /// The properties whose texts are vectorised, one after the other; none stands for all that hold text (dates and
  /// UUIDs are none), in the order of their names. A path as `author.name` reaches into nested objects. They never change.
  public var vectorizerProperties: [String]

  /// Creates a configuration. The encoding that is not named is `int8`, but `float32` for `hamming`.
  public init(
    dimensions: Int? = nil, metric: Metric = .cosine, index: IndexConfiguration = .hnsw(),
    encoding: VectorEncoding? = nil, transform: VectorTransform = .none,
    filtering: FilterPlanning = FilterPlanning(),
    vectorizer: String? = nil, vectorizerProperties: [String] = []
  ) {
    self.dimensions = dimensions
    self.metric = metric
    self.index = index
    self.encoding = encoding ?? CollectionConfiguration.usualEncoding(of: metric)
    self.transform = transform
    self.filtering = filtering
    self.vectorizer = vectorizer == VectorizerName.none ? nil : vectorizer
    self.vectorizerProperties = vectorizerProperties
  }

  static func usualEncoding(of metric: Metric) -> VectorEncoding {
    metric == .hamming ? .float32 : .int8()
  }
}

extension CollectionConfiguration {
  /// Everything that is wrong with the values, as sentences; empty for a valid configuration.
  public var problems: [String] {
    var problems: [String] = []
    if let dimensions, !ConfigurationLimits.dimensions.contains(dimensions) {
      let range = ConfigurationLimits.text(ConfigurationLimits.dimensions)
      problems.append("dimensions is \(dimensions); it must be \(range)")
    }
    problems += index.problems + index.problems(encoding: encoding)
    problems += filtering.problems + vectorizerProblems
    let transformProblems = transform.problems(of: self)
    // What does not fit a transform that cannot be is of no interest.
    return problems + (transformProblems.isEmpty ? encodingProblems : transformProblems)
  }

  /// Throws `StoreError` with all of ``problems`` if there are any.
  public func validate() throws(StoreError) {
    let problems = problems
    guard let first = problems.first else { return }
    let text =
      problems.count == 1
      ? first : "\(problems.count) problems: " + problems.joined(separator: "; ")
    throw StoreError(
      .invalidConfiguration, "The configuration is not valid: \(text)",
      remedy: "Change what is named; the guide ChoosingAnIndex lists the settings and their ranges")
  }
}
