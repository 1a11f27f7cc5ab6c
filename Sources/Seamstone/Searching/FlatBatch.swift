import VectorIndexes

/// Compares the rows of flat segments with many queries at a time: each block of rows is read once for all of them.
struct FlatBatch {
  /// Queries that are compared at a time: with so many, what their vectors take stays in a cache.
  private static let mostQueries = 128
  /// Results that are kept at a time for all of them together, whatever each of them wants.
  private static let mostResults = 1 << 17

  private let state: CollectionState
  private let limit: Int
  private let ef: Int?
  /// The segments whose rows are all compared.
  private let scanned: [Int]

  /// Nil where each query is better answered by itself.
  init?(_ state: CollectionState, limit: Int, ef: Int?, filter: Filter?, isExact: Bool) {
    // So many results are better found among the originals.
    guard filter == nil, !isExact, limit > 0, limit < state.liveVectorCount / 2, ef ?? 1 > 0 else {
      return nil
    }
    scanned = state.segments.indices.filter {
      state.segments[$0].liveCount > 0 && state.segments[$0].handle?.index.isScanned == true
    }
    if scanned.isEmpty { return nil }
    self.state = state
    self.limit = limit
    self.ef = ef.map { min($0, state.liveVectorCount) }
  }

  /// How many queries are compared at a time: fewer where each wants many results, and one where it wants very many.
  var size: Int { max(1, min(Self.mostQueries, Self.mostResults / max(1, limit))) }

  /// What each segment proposes for each of the queries, which may be of wrong dimensions or another element type.
  func proposals(for vectors: [VectorValue], _ context: SearchContext) -> [[Int: [Hit]]] {
    let metric = state.configuration.metric
    let queries = vectors.map { SegmentQuery(metric: metric, value: $0) }
    let rescoring = Rescoring(state.configuration, limit: limit, requested: ef)
    var proposals = [[Int: [Hit]]](repeating: [:], count: vectors.count)
    for place in scanned {
      let segment = state.segments[place]
      guard let index = segment.handle?.index else { continue }
      let found = index.scanMany(
        queries, limit: rescoring.share(of: index).depth, filter: segment.filter,
        scratch: context.scratch)
      for (query, candidates) in found.enumerated() {
        proposals[query][place] = candidates.map(Hit.init)
      }
    }
    return proposals
  }
}
