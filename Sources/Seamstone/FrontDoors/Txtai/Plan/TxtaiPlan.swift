import VectorMath

/// What a txtai configuration becomes for so many vectors of so many dimensions: every value that is derived,
/// every setting with its effect, and what has none.
public struct TxtaiPlan: Hashable, Sendable {
  /// How neighbours are found.
  public enum Kind: Hashable, Sendable {
    /// Every vector is compared.
    case flat
    /// A graph.
    case hnsw(HNSWConfiguration)
    /// Inverted lists, `probes` of which are searched; `links` is that of a graph over the centroids.
    case ivf(cells: Int, links: Int?, probes: Int)
    /// A forest of random projections; `searchK` of -1 is results times trees.
    case annoy(trees: Int, searchK: Int)
    /// Buckets by bits, of `tables` groups; `flips` bits may differ.
    case hash(bits: Int, tables: Int, flips: Int)
  }

  /// What a component of a vector is.
  public enum Element: Hashable, Sendable {
    /// A float.
    case float32
    /// So many bits, packed with those of the others; compared by Hamming distance.
    case bits(Int)
  }

  /// The configuration's backend.
  public internal(set) var backend: String
  /// How neighbours are found.
  public internal(set) var kind: Kind
  /// What a component is.
  public internal(set) var element = Element.float32
  /// How vectors are stored; nil for packed bits.
  public internal(set) var encoding: VectorEncoding?
  /// What is done to vectors first.
  public internal(set) var transforms: [FaissComponents.Transform] = []
  /// faiss: the components, given or derived, with every number filled in.
  public internal(set) var components: FaissComponents?
  /// Components of a vector, of packed bits their number after packing; nil if nothing says it.
  public internal(set) var dimensions: Int?
  /// The count that numbers were derived from.
  public internal(set) var count: Int
  /// Every setting that has an effect, with it.
  public internal(set) var settings: [TxtaiSetting] = []
  /// What was said and has no effect, and what becomes something near, as sentences.
  public internal(set) var notes: [String] = []
  /// What is wrong now that count and dimensions are known, as sentences.
  public internal(set) var problems: [String] = []
  /// Whether the number of cells, and the probes with it, only follow from the number of vectors.
  var derivesCells = false
  /// The cells to look into where the settings say it.
  var givenProbes: Int?
  /// The vectors that cells are trained on, if that was said.
  var trainingRows: Int?
  /// What a registered type asks for.
  var custom: CollectionConfiguration?

  init(backend: String, kind: Kind, count: Int, dimensions: Int?) {
    self.backend = backend
    self.kind = kind
    self.count = count
    self.dimensions = dimensions
  }

  /// Notes what a setting becomes.
  mutating func set(_ name: String, _ value: some CustomStringConvertible, _ effect: String) {
    settings.append(TxtaiSetting(name: name, value: value.description, effect: effect))
  }

  /// Notes that a setting has no effect, and why.
  mutating func ignore(_ name: String, because reason: String) {
    notes.append("\(name) has no effect: \(reason)")
  }
}
