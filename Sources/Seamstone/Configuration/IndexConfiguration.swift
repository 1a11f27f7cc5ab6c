public import ObjectStorage
import VectorMath

/// How neighbours are found.
public enum IndexConfiguration: Hashable, Sendable {
  /// Every vector is looked at.
  case flat
  /// A layered graph (hierarchical navigable small world) in large segments; small ones stay flat.
  case hnsw(HNSWConfiguration)
  /// A forest of random-projection trees, as Annoy builds it, over a collection that takes no changes any more.
  case annoy(AnnoyConfiguration)
  /// A kind of your own, which the store's options register.
  case custom(CustomIndexConfiguration)
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

  /// A forest; what is not said is as usual.
  public static func annoy(
    trees: Int = AnnoyConfiguration.defaultTrees, searchK: Int? = nil,
    seed: UInt64 = AnnoyConfiguration.defaultSeed
  ) -> IndexConfiguration {
    .annoy(AnnoyConfiguration(trees: trees, searchK: searchK, seed: seed))
  }

  /// A kind of your own; see ``CustomIndexKind``.
  public static func custom(
    _ name: String, settings: [String: PropertyValue] = [:]
  ) -> IndexConfiguration {
    .custom(CustomIndexConfiguration(name: name, settings: settings))
  }

  /// Whether it is built once, by ``Collection/build()``, and takes no changes from then on.
  public var isBuiltOnce: Bool {
    if case .annoy = self { true } else { false }
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
    bits: Int = HashConfiguration.defaultBits, tables: Int = 1,
    flips: Int = HashConfiguration.defaultFlips, seed: UInt64 = 0
  ) -> IndexConfiguration {
    .hash(HashConfiguration(bits: bits, tables: tables, flips: flips, seed: seed))
  }

  /// The name in configurations: `flat`, `hnsw`, `ivf`, `annoy`, `hash` or `custom`.
  public var name: String {
    switch self {
    case .flat: "flat"
    case .hnsw: "hnsw"
    case .annoy: "annoy"
    case .custom: "custom"
    case .ivf: "ivf"
    case .hash: "hash"
    }
  }

  /// Every ``name``.
  static let names = ["flat", "hnsw", "ivf", "annoy", "hash", "custom"]
}

extension IndexConfiguration {
  /// Why no index can be built over vectors that are stored so, as sentences.
  func problems(encoding: VectorEncoding) -> [String] {
    guard case .annoy = self else { return [] }
    return [AnnoyConfiguration.problem(encoding: encoding)].compactMap(\.self)
  }

  /// What is wrong with the values, as sentences, or does not go with the vectors.
  func problems(elementType: ElementType, dimensions: Int?) -> [String] {
    let refusal = elementType == .bits ? problemWithBits : nil
    return problems(of: elementType, dimensions: dimensions) + [refusal].compactMap(\.self)
  }

  /// Why packed bits cannot be indexed so; nil where they can.
  private var problemWithBits: String? {
    switch self {
    case .flat, .hnsw, .ivf, .hash: nil
    case .annoy:
      "the index annoy does not go with the element type bits: its trees divide numbers by planes"
    case .custom(let kind):
      "the index kind \"\(kind.name)\" does not go with the element type bits: kinds of your own are given numbers"
    }
  }

  /// What is wrong with the values; buckets know themselves what they are of.
  private func problems(of elementType: ElementType, dimensions: Int?) -> [String] {
    switch self {
    case .flat: []
    case .hnsw(let graph): graph.problems
    case .ivf(let lists): lists.problems
    case .annoy(let forest): forest.problems
    case .custom(let kind): kind.problems
    case .hash(let buckets): buckets.problems(elementType: elementType, dimensions: dimensions)
    }
  }
}
