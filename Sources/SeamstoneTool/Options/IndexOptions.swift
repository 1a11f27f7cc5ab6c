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

  @Option(name: .customLong("m"), help: "Links of each vector in an hnsw graph.")
  var links: Int?

  @Option(help: "How vectors are stored in the index: float32 or int8.")
  var encoding: VectorEncoding?

  func validate() throws {
    if links != nil, kind == .flat { throw ValidationError("--m belongs to --index hnsw.") }
  }

  /// The index configuration asked for; nil if the options say nothing about it.
  /// - Parameter current: What holds where the options are silent.
  func index(from current: IndexConfiguration) -> IndexConfiguration? {
    guard kind != nil || links != nil else { return nil }
    if kind == .flat { return .flat }
    if let links { return .hnsw(m: links) }
    if case .hnsw = current { return current }
    return CollectionConfiguration(metric: .cosine).index
  }
}
