import ArgumentParser
import Seamstone

/// The kinds of index that `--index` names.
enum IndexChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
  case flat, hnsw, ivf, annoy, hash

  /// The kind of a configuration; nil for one of a program's own.
  init?(_ index: IndexConfiguration) {
    switch index {
    case .flat: self = .flat
    case .hnsw: self = .hnsw
    case .ivf: self = .ivf
    case .annoy: self = .annoy
    case .hash: self = .hash
    case .custom: return nil
    }
  }
}

/// How a collection is indexed: for `init` and `reindex`.
struct IndexOptions: ParsableArguments {
  @Option(
    name: .customLong("index"),
    help: "How neighbours are found: flat, hnsw, ivf, annoy, or hash for packed bits.")
  var kind: IndexChoice?

  @Option(name: .customLong("m"), help: "hnsw: links of each vector.")
  var links: Int?

  @Option(name: .customLong("ef-construction"), help: "hnsw: the beam while the graph is built.")
  var constructionBeam: Int?

  @Option(name: .customLong("ef"), help: "hnsw: the beam of searches that name none.")
  var beam: Int?

  @Option(name: .customLong("lists"), help: "ivf: the number of lists.")
  var lists: Int?

  @Option(name: .customLong("probes"), help: "ivf: the lists of searches that name no --ef.")
  var probes: Int?

  @Option(help: "annoy: trees of the forest.")
  var trees: Int?

  @Option(
    name: .customLong("search-k"), help: "annoy: the candidates of searches that name none by --ef."
  )
  var candidates: Int?

  @Option(name: .customLong("hash-bits"), help: "hash: the bits of a bucket's number.")
  var hashBits: Int?

  @Option(name: .customLong("hash-tables"), help: "hash: the tables of buckets.")
  var hashTables: Int?

  @Option(
    name: .customLong("flips"),
    help: "hash: bits of the number that may differ, in searches that name no --ef.")
  var flips: Int?

  @Option(name: .customLong("seed"), help: "hnsw, ivf, annoy, hash: the seed of what is drawn.")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "What is done to vectors before they are stored: none, pca:D (D components are kept), opq:M (rotated for M "
        + "subvectors) or opq:M:D.",
      valueName: "transform"))
  var transform: VectorTransform?

  @OptionGroup var encoding: EncodingOptions

  private var hasGraphOptions: Bool {
    links != nil || constructionBeam != nil || beam != nil
  }

  private var hasListOptions: Bool { lists != nil || probes != nil }

  private var hasForestOptions: Bool { trees != nil || candidates != nil }

  private var hasBucketOptions: Bool {
    hashBits != nil || hashTables != nil || flips != nil
  }

  /// The kinds whose options were given.
  private var named: [IndexChoice] {
    let given: [(kind: IndexChoice, isGiven: Bool)] = [
      (.hnsw, hasGraphOptions), (.ivf, hasListOptions), (.annoy, hasForestOptions),
      (.hash, hasBucketOptions),
    ]
    return given.filter { $0.isGiven }.map { $0.kind }
  }

  /// Whether nothing was said.
  var isEmpty: Bool {
    kind == nil && encoding.isEmpty && transform == nil && named.isEmpty && seed == nil
  }

  func validate() throws {
    let other = named.filter { $0 != kind ?? named.last }
    if other.contains(.hnsw) {
      throw ValidationError("--m, --ef-construction and --ef belong to --index hnsw.")
    }
    if other.contains(.ivf) {
      throw ValidationError("--lists and --probes belong to --index ivf.")
    }
    if other.contains(.annoy) {
      throw ValidationError("--trees and --search-k belong to --index annoy.")
    }
    if other.contains(.hash) {
      throw ValidationError("--hash-bits, --hash-tables and --flips belong to --index hash.")
    }
    if seed != nil, kind == .flat { throw ValidationError("--seed has no use for --index flat.") }
  }

  /// Refuses options of another kind than a collection's index has, where no kind is named: nobody loses an index by an option.
  func check(against current: IndexConfiguration, of collection: String) throws {
    guard kind == nil, let wanted = named.first, let known = IndexChoice(current), known != .flat,
      known != wanted
    else { return }
    throw ToolError(
      .usage,
      "\(collection) is indexed by \(known.rawValue), and these options belong to \(wanted.rawValue)",
      remedy: "To change the kind, say so: --index \(wanted.rawValue)")
  }

  /// The index configuration asked for; nil if the options say nothing about it.
  /// - Parameter current: What holds where the options are silent.
  func index(from current: IndexConfiguration) -> IndexConfiguration? {
    switch kind ?? named.first {
    case .flat: return .flat
    case .hnsw: return graph(from: current)
    case .ivf: return inverted(from: current)
    case .annoy: return forest(from: current)
    case .hash: return buckets(from: current)
    case nil: break
    }
    guard seed != nil else { return nil }
    switch current {
    case .ivf: return inverted(from: current)
    case .annoy: return forest(from: current)
    case .hash: return buckets(from: current)
    default: return graph(from: current)
    }
  }

  private func forest(from current: IndexConfiguration) -> IndexConfiguration {
    var forest = AnnoyConfiguration()
    if case .annoy(let known) = current { forest = known }
    if let trees { forest.trees = trees }
    if let candidates { forest.searchK = candidates }
    if let seed { forest.seed = seed }
    return .annoy(forest)
  }

  private func buckets(from current: IndexConfiguration) -> IndexConfiguration {
    var buckets = HashConfiguration()
    if case .hash(let known) = current { buckets = known }
    if let hashBits { buckets.bits = hashBits }
    if let hashTables { buckets.tables = hashTables }
    if let flips { buckets.flips = flips }
    if let seed { buckets.seed = seed }
    return .hash(buckets)
  }

  private func inverted(from current: IndexConfiguration) -> IndexConfiguration {
    var inverted = IVFConfiguration()
    if case .ivf(let known) = current { inverted = known }
    if let lists { inverted.lists = lists }
    if let probes { inverted.probes = probes }
    if let seed { inverted.seed = seed }
    return .ivf(inverted)
  }

  private func graph(from current: IndexConfiguration) -> IndexConfiguration {
    var graph = HNSWConfiguration()
    if case .hnsw(let known) = current { graph = known }
    if let links { graph.m = links }
    if let constructionBeam { graph.efConstruction = constructionBeam }
    if let beam { graph.ef = .fixed(beam) }
    if let seed { graph.seed = seed }
    return .hnsw(graph)
  }
}
