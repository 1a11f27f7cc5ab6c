import VectorMath

/// How neighbours are found.
public enum IndexConfiguration: Hashable, Sendable {
  /// Every vector is looked at.
  case flat
  /// A layered graph (hierarchical navigable small world) in large segments; small ones stay flat.
  case hnsw(HNSWConfiguration)
  /// Lists around centroids in large segments, the nearest of which are searched; small segments stay flat.
  case ivf(IVFConfiguration)
  /// Buckets of packed bits in large segments, those near the query's are searched; small segments stay flat.
  case hash(HashConfiguration)

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

  /// Buckets of packed bits; what is not said is as usual.
  public static func hash(
    bits: Int = HashConfiguration.defaultBits, flips: Int = HashConfiguration.defaultFlips,
    seed: UInt64 = 0
  ) -> IndexConfiguration {
    .hash(HashConfiguration(bits: bits, flips: flips, seed: seed))
  }

  /// The name in configurations: `flat`, `hnsw`, `ivf` or `hash`.
  public var name: String {
    switch self {
    case .flat: "flat"
    case .hnsw: "hnsw"
    case .ivf: "ivf"
    case .hash: "hash"
    }
  }

  /// Every ``name``.
  static let names = ["flat", "hnsw", "ivf", "hash"]
}

extension IndexConfiguration {
  /// What is wrong with the values, as sentences, or does not go with the vectors.
  func problems(elementType: ElementType, dimensions: Int?) -> [String] {
    switch self {
    case .flat: []
    case .hnsw(let graph): graph.problems
    case .ivf(let lists):
      lists.problems
        + (elementType == .bits
          ? [
            "the index ivf does not go with the element type bits: bits have no means to be centroids"
          ] : [])
    case .hash(let buckets): buckets.problems(elementType: elementType, dimensions: dimensions)
    }
  }
}
