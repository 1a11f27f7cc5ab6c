/// How neighbours are found.
public enum IndexConfiguration: Hashable, Sendable {
  /// Every vector is looked at.
  case flat
  /// A layered graph (hierarchical navigable small world) in large segments; small ones stay flat.
  case hnsw(HNSWConfiguration)
  /// Lists around centroids in large segments, the nearest of which are searched; small segments stay flat.
  case ivf(IVFConfiguration)

  /// A graph; what is not said is as usual.
  public static func hnsw(
    m: Int = HNSWConfiguration.defaultM,
    efConstruction: Int = HNSWConfiguration.defaultEFConstruction,
    ef: BeamWidth = .automatic, seed: UInt64 = HNSWConfiguration.defaultSeed
  ) -> IndexConfiguration {
    .hnsw(HNSWConfiguration(m: m, efConstruction: efConstruction, ef: ef, seed: seed))
  }

  /// Inverted lists; what is not said is as usual.
  public static func ivf(
    lists: Int? = nil, probes: Int? = nil, trainingLimit: Int? = nil,
    seed: UInt64 = IVFConfiguration.defaultSeed
  ) -> IndexConfiguration {
    .ivf(
      IVFConfiguration(lists: lists, probes: probes, trainingLimit: trainingLimit, seed: seed))
  }

  /// The name in configurations: `flat`, `hnsw` or `ivf`.
  public var name: String {
    switch self {
    case .flat: "flat"
    case .hnsw: "hnsw"
    case .ivf: "ivf"
    }
  }

  /// Every ``name``.
  static let names = ["flat", "hnsw", "ivf"]
}

extension IndexConfiguration {
  /// What is wrong with the values, as sentences.
  var problems: [String] {
    switch self {
    case .flat: []
    case .hnsw(let graph): graph.problems
    case .ivf(let lists): lists.problems
    }
  }
}
