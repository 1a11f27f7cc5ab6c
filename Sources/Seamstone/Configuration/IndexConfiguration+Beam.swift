/// How wide the index's beam is for a search.
extension IndexConfiguration {
  /// The beam for `limit` results: what the caller asked for, or else what the configuration says; never
  /// narrower than the results.
  func beam(limit: Int, requested: Int?) -> Int {
    if let requested { return max(requested, limit) }
    switch self {
    case .flat, .custom: return limit
    case .hnsw(let graph): return graph.ef.resolved(limit: limit)
    case .annoy(let forest): return forest.candidates(limit: limit)
    }
  }

  /// The beam of a search for more than the caller wants, of whom a part will do.
  func widened(_ requested: Int?, limit: Int) -> Int {
    if let requested { return max(requested, limit) }
    if case .annoy(let forest) = self { return forest.candidates(limit: limit) }
    return limit
  }
}
