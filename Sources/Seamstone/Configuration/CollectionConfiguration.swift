public import StorageIO
public import VectorMath

/// What a collection is told when it is created.
public struct CollectionConfiguration: Hashable, Sendable {
  /// The components of every vector; nil lets the first vector written decide. Packed bits have a multiple of
  /// eight.
  public var dimensions: Int?
  /// What the components are. It never changes.
  public var elementType: ElementType
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

  /// Creates a configuration. The metric that is not named is `cosine`, but `hamming` for packed bits; the encoding
  /// is `int8`, but `float32` for `hamming` and `bits` for packed bits.
  public init(
    dimensions: Int? = nil, metric: Metric? = nil, index: IndexConfiguration = .hnsw(),
    encoding: VectorEncoding? = nil, elementType: ElementType = .float32,
    transform: VectorTransform = .none,
    filtering: FilterPlanning = FilterPlanning(),
    vectorizer: String? = nil, vectorizerProperties: [String] = []
  ) {
    self.dimensions = dimensions
    self.elementType = elementType
    self.metric = metric ?? CollectionConfiguration.usualMetric(of: elementType)
    self.index = index
    self.encoding =
      encoding ?? CollectionConfiguration.usualEncoding(of: self.metric, elementType)
    self.transform = transform
    self.filtering = filtering
    self.vectorizer = vectorizer == VectorizerName.none ? nil : vectorizer
    self.vectorizerProperties = vectorizerProperties
  }

  static func usualEncoding(
    of metric: Metric, _ elementType: ElementType = .float32
  ) -> VectorEncoding {
    if elementType == .bits { return .bits }
    return metric == .hamming ? .float32 : .int8()
  }

  static func usualMetric(of elementType: ElementType) -> Metric {
    elementType == .bits ? .hamming : .cosine
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
    problems += index.problems(elementType: elementType, dimensions: dimensions)
    if elementType != .bits { problems += index.problems(encoding: encoding) }
    problems += filtering.problems + vectorizerProblems
    if elementType == .bits { problems += bitsProblems }
    let transformProblems = transform.problems(of: self)
    // What does not fit a transform that cannot be is of no interest.
    return problems + (transformProblems.isEmpty ? encodingProblems : transformProblems)
  }

  /// What packed bits cannot have.
  private var bitsProblems: [String] {
    var problems: [String] = []
    if metric != .hamming {
      problems.append(
        "the metric \(metric) does not go with the element type bits: only the number of bits that differ, "
          + "hamming, is defined for them")
    }
    if let dimensions, dimensions % 8 != 0 {
      problems.append(
        "dimensions is \(dimensions); packed bits fill whole bytes, so it must be a multiple of 8")
    }
    if let vectorizer {
      problems.append(
        "the vectorizer \(vectorizer) makes numbers, so it does not go with the element type bits")
    }
    return problems
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
