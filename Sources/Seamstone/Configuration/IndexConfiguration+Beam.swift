/// What widens a search of the index.
extension IndexConfiguration {
  /// The beam for `limit` results: what the caller asked for, or else what the configuration says; never
  /// narrower than the results. What is asked of inverted lists is no beam.
  func beam(limit: Int, requested: Int?) -> Int {
    switch self {
    case .ivf, .hash: return limit
    case .flat, .custom: return max(requested ?? limit, limit)
    case .hnsw(let graph):
      return requested.map { max($0, limit) } ?? graph.ef.resolved(limit: limit)
    case .annoy(let forest):
      return requested.map { max($0, limit) } ?? forest.candidates(limit: limit)
    }
  }

  /// The bits of a bucket's number that may differ from the query's: as many as the caller asked for, or else as the
  /// configuration says.
  func flips(requested: Int?) -> Int {
    if case .hash(let buckets) = self { return requested ?? buckets.flips }
    return HashConfiguration.defaultFlips
  }

  /// The beam of a search for more than the caller wants, of which a part will do.
  func widened(_ requested: Int?, limit: Int) -> Int {
    if requested == nil, case .annoy(let forest) = self { return forest.candidates(limit: limit) }
    return max(requested ?? 0, limit)
  }

  /// The lists to look into: what the caller asked for, or else what the configuration says; 0 leaves it to
  /// the segment.
  func probes(requested: Int?) -> Int {
    if let requested { return requested }
    if case .ivf(let lists) = self { return lists.probes ?? 0 }
    return 0
  }
}
