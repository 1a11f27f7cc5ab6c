extension FaissComponents {
  /// How neighbours are found.
  public enum Kind: Hashable, Sendable {
    /// Every row is looked at.
    case flat
    /// `IVFx`: inverted lists. `cells` of nil is the bare `IVF`, whose number follows from the data;
    /// `links` is that of a graph over the centroids (`IVFx_HNSWm`).
    case ivf(cells: Int?, links: Int?)
    /// `HNSWm`: a graph.
    case hnsw(links: Int)
    /// `BFlat`: every packed row is looked at.
    case binaryFlat
    /// `BIVFx`: inverted lists of packed rows.
    case binaryIVF(cells: Int, links: Int?)
    /// `BHNSWm`: a graph of packed rows.
    case binaryHNSW(links: Int)
    /// `BHashb`, `BHashnxb`: buckets by the first bits, or by `tables` groups of bits.
    case binaryHash(bits: Int, tables: Int)
  }

  /// The links of a graph whose element names none.
  static let usualLinks = 32

  /// Whether rows are packed bits.
  public var isBinary: Bool {
    switch kind {
    case .flat, .ivf, .hnsw: false
    case .binaryFlat, .binaryIVF, .binaryHNSW, .binaryHash: true
    }
  }
}

extension FaissComponents.Kind: CustomStringConvertible {
  /// The element; empty for `flat`, which is the code alone.
  public var description: String {
    func cells(_ name: String, _ cells: Int?, _ links: Int?) -> String {
      name + (cells.map(String.init) ?? "") + (links.map { "_HNSW\($0)" } ?? "")
    }
    switch self {
    case .flat: return ""
    case .ivf(let number, let links): return cells("IVF", number, links)
    case .hnsw(let links): return "HNSW\(links)"
    case .binaryFlat: return "BFlat"
    case .binaryIVF(let number, let links): return cells("BIVF", number, links)
    case .binaryHNSW(let links): return "BHNSW\(links)"
    case .binaryHash(let bits, let tables):
      return tables == 1 ? "BHash\(bits)" : "BHash\(tables)x\(bits)"
    }
  }
}
