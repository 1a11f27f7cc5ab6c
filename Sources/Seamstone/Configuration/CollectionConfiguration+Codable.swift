import VectorMath

extension CollectionConfiguration: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case dimensions, element, metric, index, encoding, transform, filtering
    case vectorizer, vectorizerProperties
  }

  /// Reads a configuration: what is missing is as usual, a name that is not known is an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: Key.self)
    self.init(
      dimensions: try container.decodeIfPresent(Int.self, forKey: .dimensions),
      metric: try container.decodeName(Metric.self, forKey: .metric),
      index: try container.decodeIfPresent(IndexConfiguration.self, forKey: .index) ?? .hnsw(),
      encoding: try container.decodeIfPresent(VectorEncoding.self, forKey: .encoding),
      elementType: try container.decodeName(ElementType.self, forKey: .element) ?? .float32,
      transform: try container.decodeIfPresent(VectorTransform.self, forKey: .transform) ?? .none,
      filtering: try container.decodeIfPresent(FilterPlanning.self, forKey: .filtering)
        ?? FilterPlanning(),
      vectorizer: try container.decodeIfPresent(String.self, forKey: .vectorizer),
      vectorizerProperties: try container.decodeIfPresent(
        [String].self, forKey: .vectorizerProperties) ?? [])
  }

  /// Writes every value, so that a later change of what is usual changes no stored configuration.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(dimensions, forKey: .dimensions)
    // Left out where they are numbers: releases that know no packed bits read such a collection, and refuse others.
    if elementType != .float32 { try container.encode(elementType, forKey: .element) }
    try container.encode(metric, forKey: .metric)
    try container.encode(index, forKey: .index)
    try container.encode(encoding, forKey: .encoding)
    // Left out where there is none: releases that know no transforms read such a collection.
    if transform != .none { try container.encode(transform, forKey: .transform) }
    try container.encode(filtering, forKey: .filtering)
    // Left out where there is none: releases that know no vectorizers read such a collection.
    guard let vectorizer else { return }
    try container.encode(vectorizer, forKey: .vectorizer)
    try container.encode(vectorizerProperties, forKey: .vectorizerProperties)
  }
}
