import ObjectStorage

extension IndexConfiguration: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case kind, m, efConstruction, ef, dynamicEfMin, dynamicEfMax, dynamicEfFactor, seed, graphRows
    case lists, probes, trainingLimit
    case trees, searchK
    case name, settings
    case bits, tables, flips
  }

  /// The keys of each kind, besides its name.
  private static func keys(of name: String) -> Set<Key> {
    switch name {
    case "hnsw":
      [.m, .efConstruction, .ef, .dynamicEfMin, .dynamicEfMax, .dynamicEfFactor, .seed, .graphRows]
    case "ivf": [.lists, .probes, .trainingLimit, .seed]
    case "annoy": [.trees, .searchK, .seed]
    case "custom": [.name, .settings]
    case "hash": [.bits, .tables, .flips, .seed]
    default: []
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
          debugDescription: "the index custom needs the name of its kind: "
            + "{\"kind\": \"custom\", \"name\": …}"))
    }
    let container = try decoder.strictContainer(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .kind)
    let usual = try IndexConfiguration.named(name, container.codingPath + [Key.kind])
    let known = IndexConfiguration.keys(of: usual.name)
    if let key = container.allKeys.first(where: { $0 != .kind && !known.contains($0) }) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container,
        debugDescription: "\(key.rawValue) does not go with \(usual.name)")
    }
    switch usual {
    case .flat: self = usual
    case .hnsw(let graph): self = .hnsw(try IndexConfiguration.graph(container, graph))
    case .ivf(let lists): self = .ivf(try IndexConfiguration.lists(container, lists))
    case .annoy(let forest): self = .annoy(try IndexConfiguration.forest(container, forest))
    case .custom:
      self = .custom(
        try container.decode(String.self, forKey: .name),
        settings: try container.decodeIfPresent([String: PropertyValue].self, forKey: .settings)
          ?? [:])
    case .hash(let buckets): self = .hash(try IndexConfiguration.buckets(container, buckets))
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
    graph.ef = try beam(container)
    return graph
  }

  private static func lists(
    _ container: KeyedDecodingContainer<Key>, _ usual: IVFConfiguration
  ) throws -> IVFConfiguration {
    var lists = usual
    lists.lists = try container.decodeIfPresent(Int.self, forKey: .lists)
    lists.probes = try container.decodeIfPresent(Int.self, forKey: .probes)
    lists.trainingLimit = try container.decodeIfPresent(Int.self, forKey: .trainingLimit)
    lists.seed = try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? lists.seed
    return lists
  }

  private static func buckets(
    _ container: KeyedDecodingContainer<Key>, _ usual: HashConfiguration
  ) throws -> HashConfiguration {
    HashConfiguration(
      bits: try container.decodeIfPresent(Int.self, forKey: .bits) ?? usual.bits,
      tables: try container.decodeIfPresent(Int.self, forKey: .tables) ?? usual.tables,
      flips: try container.decodeIfPresent(Int.self, forKey: .flips) ?? usual.flips,
      seed: try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? usual.seed)
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
    case .flat: break
    case .hnsw(let graph): try encode(graph, &container)
    case .ivf(let lists):
      try container.encodeIfPresent(lists.lists, forKey: .lists)
      try container.encodeIfPresent(lists.probes, forKey: .probes)
      try container.encodeIfPresent(lists.trainingLimit, forKey: .trainingLimit)
      try container.encode(lists.seed, forKey: .seed)
    case .annoy(let forest):
      try container.encode(forest.trees, forKey: .trees)
      try container.encodeIfPresent(forest.searchK, forKey: .searchK)
      try container.encode(forest.seed, forKey: .seed)
    case .custom(let kind):
      try container.encode(kind.name, forKey: .name)
      try container.encode(kind.settings, forKey: .settings)
    case .hash(let buckets):
      try container.encode(buckets.bits, forKey: .bits)
      try container.encode(buckets.tables, forKey: .tables)
      try container.encode(buckets.flips, forKey: .flips)
      try container.encode(buckets.seed, forKey: .seed)
    }
  }

  private func encode(
    _ graph: HNSWConfiguration, _ container: inout KeyedEncodingContainer<Key>
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
    case "ivf": return .ivf()
    case "annoy": return .annoy()
    // Its name is still to be read.
    case "custom": return .custom("")
    case "hash": return .hash()
    default:
      let remedy = NearestName.remedy(for: name, among: names)
      throw DecodingError.dataCorrupted(
        .init(codingPath: path, debugDescription: "unknown index \"\(name)\". \(remedy)"))
    }
  }
}
