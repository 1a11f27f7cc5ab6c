public import ObjectStorage

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

  /// The name in configurations: `flat`, `hnsw`, `annoy` or `custom`.
  public var name: String {
    switch self {
    case .flat: "flat"
    case .hnsw: "hnsw"
    case .annoy: "annoy"
    case .custom: "custom"
    }
  }

  /// Every ``name``.
  static let names = ["flat", "hnsw", "annoy", "custom"]
}
