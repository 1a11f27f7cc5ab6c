import ObjectStorage
public import StorageIO

extension ANN {
  /// A vector that was found.
  public struct Match: Hashable, Sendable {
    /// Its id.
    public let id: Int64
    /// How similar it is: the larger the better. The inner product for txtai's backends.
    public let score: Float

    /// Creates a match.
    public init(id: Int64, score: Float) {
      self.id = id
      self.score = score
    }
  }

  /// The vectors most similar to each query, best first: one list for each query, in their order, on all cores.
  /// A list is shorter than `limit` only where there are fewer vectors; nothing deleted is in it.
  public func search(_ queries: [[Float]], limit: Int) throws(StoreError) -> [[Match]] {
    let collection = try withState { (state) throws(StoreError) in state.collection }
    let metric = try collection.configuration().metric
    return try collection.search(near: queries, limit: limit).map { hits in
      hits.compactMap { hit in
        guard case .int(let id) = hit.id else { return nil }
        return Match(id: id, score: ANN.score(hit.distance, metric))
      }
    }
  }

  /// A distance as a similarity.
  private static func score(_ distance: Float, _ metric: Metric) -> Float {
    metric == .cosine ? 1 - distance : -distance
  }
}
