import ArgumentParser
import Seamstone

/// The kinds of index that `--index` names.
enum IndexChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
  case flat, hnsw, annoy
}

/// How a collection is indexed: for `init` and `reindex`.
struct IndexOptions: ParsableArguments {
  @Option(name: .customLong("index"), help: "How neighbours are found: flat, hnsw or annoy.")
  var kind: IndexChoice?

  @Option(name: .customLong("m"), help: "hnsw: links of each vector.")
  var links: Int?

  @Option(name: .customLong("ef-construction"), help: "hnsw: the beam while the graph is built.")
  var constructionBeam: Int?

  @Option(name: .customLong("ef"), help: "hnsw: the beam of searches that name none.")
  var beam: Int?

  @Option(name: .customLong("seed"), help: "hnsw, annoy: the seed of what is drawn.")
  var seed: UInt64?

  @Option(help: "annoy: trees of the forest.")
  var trees: Int?

  @Option(
    name: .customLong("search-k"), help: "annoy: the candidates of searches that name none with --ef.")
  var candidates: Int?

  @OptionGroup var encoding: EncodingOptions

  private var hasGraphOptions: Bool {
    links != nil || constructionBeam != nil || beam != nil
  }

  private var hasForestOptions: Bool { trees != nil || candidates != nil }

  /// Whether nothing was said.
  var isEmpty: Bool { kind == nil && encoding.isEmpty && !hasGraphOptions && !hasForestOptions && seed == nil }

  func validate() throws {
    if hasGraphOptions, kind == .flat || kind == .annoy || hasForestOptions {
      throw ValidationError("--m, --ef-construction and --ef belong to --index hnsw.")
    }
    if hasForestOptions, kind == .flat || kind == .hnsw {
      throw ValidationError("--trees and --search-k belong to --index annoy.")
    }
    if seed != nil, kind == .flat {
      throw ValidationError("--seed belongs to --index hnsw or annoy.")
    }
  }

  /// The index configuration asked for; nil if the options say nothing about it.
  /// - Parameter current: What holds where the options are silent.
  func index(from current: IndexConfiguration) -> IndexConfiguration? {
    switch kind {
    case .flat: return .flat
    case .hnsw: return graph(from: current)
    case .annoy: return forest(from: current)
    case nil: break
    }
    if hasForestOptions { return forest(from: current) }
    if hasGraphOptions { return graph(from: current) }
    guard seed != nil else { return nil }
    return current.isBuiltOnce ? forest(from: current) : graph(from: current)
  }

  private func forest(from current: IndexConfiguration) -> IndexConfiguration {
    var forest = AnnoyConfiguration()
    if case .annoy(let known) = current { forest = known }
    if let trees { forest.trees = trees }
    if let candidates { forest.searchK = candidates }
    if let seed { forest.seed = seed }
    return .annoy(forest)
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
