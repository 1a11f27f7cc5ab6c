import VectorMath

extension CollectionConfiguration: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case dimensions, element, metric, index, encoding, filtering, vectorizer, vectorizerProperties
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
    try container.encode(filtering, forKey: .filtering)
    // Left out where there is none: releases that know no vectorizers read such a collection.
    guard let vectorizer else { return }
    try container.encode(vectorizer, forKey: .vectorizer)
    try container.encode(vectorizerProperties, forKey: .vectorizerProperties)
  }
}

extension IndexConfiguration: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case kind, m, efConstruction, ef, dynamicEfMin, dynamicEfMax, dynamicEfFactor, seed, graphRows
  }

  /// Reads `{"kind": "hnsw", "m": 16, …}` or just the name of the kind.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      self = try IndexConfiguration.named(name, decoder.codingPath)
      return
    }
    let container = try decoder.strictContainer(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .kind)
    self = try IndexConfiguration.named(name, container.codingPath + [Key.kind])
    guard case .hnsw(var graph) = self else {
      if let key = container.allKeys.first(where: { $0 != .kind }) {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "\(key.rawValue) does not go with flat")
      }
      return
    }
    graph.m = try container.decodeIfPresent(Int.self, forKey: .m) ?? graph.m
    graph.efConstruction =
      try container.decodeIfPresent(Int.self, forKey: .efConstruction) ?? graph.efConstruction
    graph.seed = try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? graph.seed
    graph.graphRows = try container.decodeIfPresent(Int.self, forKey: .graphRows)
    graph.ef = try IndexConfiguration.beam(container)
    self = .hnsw(graph)
  }

  /// As Weaviate: `ef` of -1, or no `ef`, is the dynamic one.
  private static func beam(_ container: KeyedDecodingContainer<Key>) throws -> BeamWidth {
    let fixed = try container.decodeIfPresent(Int.self, forKey: .ef) ?? -1
    let minimum = try container.decodeIfPresent(Int.self, forKey: .dynamicEfMin)
    let maximum = try container.decodeIfPresent(Int.self, forKey: .dynamicEfMax)
    let factor = try container.decodeIfPresent(Int.self, forKey: .dynamicEfFactor)
    if fixed != -1 { return .fixed(fixed) }
    return .dynamic(minimum: minimum ?? 100, maximum: maximum ?? 500, factor: factor ?? 8)
  }

  /// Writes every value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .kind)
    guard case .hnsw(let graph) = self else { return }
    try container.encode(graph.m, forKey: .m)
    try container.encode(graph.efConstruction, forKey: .efConstruction)
    try container.encode(graph.seed, forKey: .seed)
    try container.encodeIfPresent(graph.graphRows, forKey: .graphRows)
    switch graph.ef {
    case .fixed(let width): try container.encode(width, forKey: .ef)
    case .dynamic(let minimum, let maximum, let factor):
      try container.encode(-1, forKey: .ef)
      try container.encode(minimum, forKey: .dynamicEfMin)
      try container.encode(maximum, forKey: .dynamicEfMax)
      try container.encode(factor, forKey: .dynamicEfFactor)
    }
  }

  private static func named(
    _ name: String, _ path: [any CodingKey]
  ) throws -> IndexConfiguration {
    switch name {
    case "flat": return .flat
    case "hnsw": return .hnsw()
    default:
      let remedy = NearestName.remedy(for: name, among: names)
      throw DecodingError.dataCorrupted(
        .init(codingPath: path, debugDescription: "unknown index \"\(name)\". \(remedy)"))
    }
  }
}
