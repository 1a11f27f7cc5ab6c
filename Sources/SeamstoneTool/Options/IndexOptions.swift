import ArgumentParser
import Seamstone

/// The kinds of index that `--index` names.
enum IndexChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
  case flat, hnsw
}

/// How a collection is indexed: for `init` and `reindex`.
struct IndexOptions: ParsableArguments {
  @Option(name: .customLong("index"), help: "How neighbours are found: flat or hnsw.")
  var kind: IndexChoice?

  @Option(name: .customLong("m"), help: "hnsw: links of each vector.")
  var links: Int?

  @Option(name: .customLong("ef-construction"), help: "hnsw: the beam while the graph is built.")
  var constructionBeam: Int?

  @Option(name: .customLong("ef"), help: "hnsw: the beam of searches that name none.")
  var beam: Int?

  @Option(name: .customLong("seed"), help: "hnsw: the seed of the graph's levels.")
  var seed: UInt64?

  @OptionGroup var encoding: EncodingOptions

  private var hasGraphOptions: Bool {
    links != nil || constructionBeam != nil || beam != nil || seed != nil
  }

  /// Whether nothing was said.
  var isEmpty: Bool { kind == nil && encoding.isEmpty && !hasGraphOptions }

  func validate() throws {
    if hasGraphOptions, kind == .flat {
      throw ValidationError("--m, --ef-construction, --ef and --seed belong to --index hnsw.")
    }
  }

  /// The index configuration asked for; nil if the options say nothing about it.
  /// - Parameter current: What holds where the options are silent.
  func index(from current: IndexConfiguration) -> IndexConfiguration? {
    if kind == .flat { return .flat }
    guard kind != nil || hasGraphOptions else { return nil }
    var graph = HNSWConfiguration()
    if case .hnsw(let known) = current { graph = known }
    if let links { graph.m = links }
    if let constructionBeam { graph.efConstruction = constructionBeam }
    if let beam { graph.ef = .fixed(beam) }
    if let seed { graph.seed = seed }
    return .hnsw(graph)
  }
}
