extension TxtaiPlan.Kind: CustomStringConvertible {
  /// The name: `flat`, `hnsw`, `ivf`, `annoy` or `hash`.
  public var name: String {
    switch self {
    case .flat: "flat"
    case .hnsw: "hnsw"
    case .ivf: "ivf"
    case .annoy: "annoy"
    case .hash: "hash"
    }
  }

  /// The name with the parameters.
  public var description: String {
    switch self {
    case .flat: return name
    case .hnsw(let graph):
      return "\(name)(m \(graph.m), efConstruction \(graph.efConstruction), seed \(graph.seed))"
    case .ivf(let cells, let links, let probes):
      let graph = links.map { ", graph over centroids with m \($0)" } ?? ""
      return "\(name)(cells \(cells), probes \(probes)\(graph))"
    case .annoy(let trees, let searchK): return "\(name)(trees \(trees), searchK \(searchK))"
    case .hash(let bits, let tables, let flips):
      return "\(name)(bits \(bits), tables \(tables), flips \(flips))"
    }
  }
}

extension TxtaiPlan.Element: CustomStringConvertible {
  /// `float32`, or `bits` with their number.
  public var description: String {
    switch self {
    case .float32: "float32"
    case .bits(let bits): "bits(\(bits))"
    }
  }
}
