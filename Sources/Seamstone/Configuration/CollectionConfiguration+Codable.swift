import ObjectStorage
import VectorMath

extension CollectionConfiguration: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case dimensions, metric, index, encoding, filtering, vectorizer, vectorizerProperties
  }

  /// Reads a configuration: what is missing is as usual, a name that is not known is an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.strictContainer(keyedBy: Key.self)
    let metric = try container.decodeName(Metric.self, forKey: .metric) ?? .cosine
    self.init(
      dimensions: try container.decodeIfPresent(Int.self, forKey: .dimensions), metric: metric,
      index: try container.decodeIfPresent(IndexConfiguration.self, forKey: .index) ?? .hnsw(),
      encoding: try container.decodeIfPresent(VectorEncoding.self, forKey: .encoding),
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
    case trees, searchK
    case name, settings

    /// The keys that go with a kind.
    static func known(to index: IndexConfiguration) -> [Key] {
      switch index {
      case .flat: [.kind]
      case .annoy: [.kind, .trees, .searchK, .seed]
      case .custom: [.kind, .name, .settings]
      case .hnsw:
        [
          .kind, .m, .efConstruction, .ef, .dynamicEfMin, .dynamicEfMax, .dynamicEfFactor, .seed,
          .graphRows,
        ]
      }
    }
  }

  /// Reads `{"kind": "hnsw", "m": 16, …}` or just the name of the kind.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      self = try IndexConfiguration.named(name, decoder.codingPath)
      guard case .custom = self else { return }
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "the index custom needs the name of its kind: {\"kind\": \"custom\", \"name\": …}"))
    }
    let container = try decoder.strictContainer(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .kind)
    self = try IndexConfiguration.named(name, container.codingPath + [Key.kind])
    if let key = container.allKeys.first(where: { !Key.known(to: self).contains($0) }) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container, debugDescription: "\(key.rawValue) does not go with \(name)")
    }
    switch self {
    case .flat: return
    case .hnsw(let graph): self = .hnsw(try IndexConfiguration.graph(container, graph))
    case .annoy(let forest): self = .annoy(try IndexConfiguration.forest(container, forest))
    case .custom:
      self = .custom(
        try container.decode(String.self, forKey: .name),
        settings: try container.decodeIfPresent([String: PropertyValue].self, forKey: .settings)
          ?? [:])
    }
  }

  private static func forest(
    _ container: KeyedDecodingContainer<Key>, _ usual: AnnoyConfiguration
  ) throws -> AnnoyConfiguration {
    AnnoyConfiguration(
      trees: try container.decodeIfPresent(Int.self, forKey: .trees) ?? usual.trees,
      searchK: try container.decodeIfPresent(Int.self, forKey: .searchK),
      seed: try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? usual.seed)
  }

  private static func graph(
    _ container: KeyedDecodingContainer<Key>, _ usual: HNSWConfiguration
  ) throws -> HNSWConfiguration {
    var graph = usual
    graph.m = try container.decodeIfPresent(Int.self, forKey: .m) ?? graph.m
    graph.efConstruction =
      try container.decodeIfPresent(Int.self, forKey: .efConstruction) ?? graph.efConstruction
    graph.seed = try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? graph.seed
    graph.graphRows = try container.decodeIfPresent(Int.self, forKey: .graphRows)
    graph.ef = try IndexConfiguration.beam(container)
    return graph
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
    switch self {
    case .flat: return
    case .annoy(let forest):
      try container.encode(forest.trees, forKey: .trees)
      try container.encodeIfPresent(forest.searchK, forKey: .searchK)
      try container.encode(forest.seed, forKey: .seed)
    case .hnsw(let graph): try IndexConfiguration.encode(graph, to: &container)
    case .custom(let kind):
      try container.encode(kind.name, forKey: .name)
      try container.encode(kind.settings, forKey: .settings)
    }
  }

  private static func encode(
    _ graph: HNSWConfiguration, to container: inout KeyedEncodingContainer<Key>
  ) throws {
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
    case "annoy": return .annoy()
    // Its name is still to be read.
    case "custom": return .custom("")
    default:
      let remedy = NearestName.remedy(for: name, among: names)
      throw DecodingError.dataCorrupted(
        .init(codingPath: path, debugDescription: "unknown index \"\(name)\". \(remedy)"))
    }
  }
}
