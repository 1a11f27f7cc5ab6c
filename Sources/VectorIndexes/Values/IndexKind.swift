/// How neighbours are found inside a segment. Whoever adds a kind adds a case, its number, and what
/// `IndexStructures` and `KindBuilds` ask for.
package enum IndexKind: Sendable, Hashable {
  /// Every row is compared.
  case flat
  /// A layered proximity graph (Malkov and Yashunin, 2016) is walked.
  case hnsw(HNSWParameters)
  /// Trees that divide the rows by planes propose candidates (Annoy; Bernhardsson, 2013).
  case annoy(AnnoyParameters)
  /// What another package has registered proposes candidates.
  case custom(CustomParameters)
  /// Rows lie in lists around centroids, the nearest of which are searched.
  case ivf(IVFParameters)
  /// Rows of packed bits lie in buckets of the same few bits.
  case hash(HashParameters)

  /// The numbers that stand for kinds in a segment's header.
  package enum Number {
    package static let flat: UInt16 = 1
    package static let hnsw: UInt16 = 2
    package static let ivf: UInt16 = 3
    package static let annoy: UInt16 = 4
    package static let hash: UInt16 = 5
    package static let custom: UInt16 = 6
  }

  /// The number that stands for the kind in a segment's header.
  package var rawKind: UInt16 {
    switch self {
    case .flat: Number.flat
    case .hnsw: Number.hnsw
    case .annoy: Number.annoy
    case .custom: Number.custom
    case .ivf: Number.ivf
    case .hash: Number.hash
    }
  }

  /// The name in configurations, statistics and messages.
  package var name: String {
    switch self {
    case .flat: "flat"
    case .hnsw: "hnsw"
    case .annoy: "annoy"
    case .custom(let parameters): parameters.name
    case .ivf: "ivf"
    case .hash: "hash"
    }
  }

  /// What is drawn at random while a segment is built follows from it; 0 where nothing is.
  package var seed: UInt64 {
    switch self {
    case .flat, .custom: 0
    case .hnsw(let parameters): parameters.seed
    case .annoy(let parameters): parameters.seed
    case .ivf(let parameters): parameters.seed
    case .hash(let parameters): parameters.seed
    }
  }

  /// The same with another seed, for a second attempt.
  package func with(seed: UInt64) -> IndexKind {
    switch self {
    case .flat, .custom: return self
    case .hnsw(var parameters):
      parameters.seed = seed
      return .hnsw(parameters)
    case .annoy(var parameters):
      parameters.seed = seed
      return .annoy(parameters)
    case .ivf(var parameters):
      parameters.seed = seed
      return .ivf(parameters)
    case .hash(var parameters):
      parameters.seed = seed
      return .hash(parameters)
    }
  }

  /// Everything that decides what is built, for the segment's identifier.
  var words: [UInt64] {
    switch self {
    case .flat: []
    case .hnsw(let parameters):
      [UInt64(parameters.m) << 32 | UInt64(parameters.efConstruction), parameters.seed]
    case .annoy(let parameters): [UInt64(parameters.trees), parameters.seed]
    case .custom(let parameters): parameters.words
    case .ivf(let parameters): parameters.words
    case .hash(let parameters): parameters.words
    }
  }

  /// Whether rows are compared with each other while an index is built: those of encodings that cannot be get int8
  /// codes beside them for that.
  var comparesRows: Bool {
    switch self {
    case .flat, .ivf, .hash, .custom: false
    case .hnsw, .annoy: true
    }
  }

  /// Whether rows may be packed bits: planes divide numbers, and what others register is given numbers.
  var takesBits: Bool {
    switch self {
    case .flat, .hnsw, .ivf, .hash: true
    case .annoy, .custom: false
    }
  }

  /// Whether a search reads a row here and a row there. Other kinds read stretches of rows, which the system
  /// reads ahead.
  var readsScattered: Bool {
    switch self {
    case .flat, .ivf, .hash: false
    case .hnsw, .annoy, .custom: true
    }
  }
}
