/// How neighbours are found.
public enum IndexConfiguration: Hashable, Sendable {
  /// Every vector is looked at.
  case flat
  /// A layered graph (hierarchical navigable small world) in large segments; small ones stay flat.
  case hnsw(HNSWConfiguration)

  /// A graph; what is not said is as usual.
  public static func hnsw(
    m: Int = HNSWConfiguration.defaultM,
    efConstruction: Int = HNSWConfiguration.defaultEFConstruction,
    ef: BeamWidth = .automatic, seed: UInt64 = HNSWConfiguration.defaultSeed
  ) -> IndexConfiguration {
    .hnsw(HNSWConfiguration(m: m, efConstruction: efConstruction, ef: ef, seed: seed))
  }

  /// The name in configurations: `flat` or `hnsw`.
  public var name: String {
    switch self {
    case .flat: "flat"
    case .hnsw: "hnsw"
    }
  }

  /// Every ``name``.
  static let names = ["flat", "hnsw"]
}
