import ObjectStorage
public import StorageIO
import VectorMath

extension ANN {
  /// A vector that was found.
  public struct Match: Hashable, Sendable {
    /// Its id.
    public let id: Int64
    /// How similar it is: the larger the better. The inner product for txtai's backends; for packed bits 1 − h / n,
    /// of h bits of n that differ.
    public let score: Float

    /// Creates a match.
    public init(id: Int64, score: Float) {
      self.id = id
      self.score = score
    }
  }

  /// The vectors most similar to each query, best first: one list for each query, in their order, on all cores.
  /// A list is shorter than `limit` only where there are fewer vectors; nothing deleted is in it.
  ///
  /// Where the configuration packs vectors into bits (`quantize`), queries are packed as they were.
  public func search(_ queries: [[Float]], limit: Int) throws(StoreError) -> [[Match]] {
    let packed = try withState { (state) throws(StoreError) in state.packed }
    return try search(queries.map { ANN.value($0, packed: packed) }, limit: limit)
  }

  /// As the search near numbers, near rows that are packed already.
  public func search(packed queries: [[UInt8]], limit: Int) throws(StoreError) -> [[Match]] {
    try search(queries.map { .bits($0) }, limit: limit)
  }

  private func search(
    _ queries: [VectorValue], limit: Int
  ) throws(StoreError) -> [[Match]] {
    let collection = try withState { (state) throws(StoreError) in state.collection }
    let configuration = try collection.configuration()
    return try collection.search(near: queries, limit: limit).map { hits in
      hits.compactMap { hit in
        guard case .int(let id) = hit.id else { return nil }
        return Match(id: id, score: ANN.score(hit.distance, configuration))
      }
    }
  }

  /// A distance as a similarity: for packed bits the share of bits that agree.
  private static func score(_ distance: Float, _ configuration: CollectionConfiguration) -> Float {
    if configuration.elementType == .bits {
      return min(max(1 - distance / Float(max(configuration.dimensions ?? 1, 1)), 0), 1)
    }
    return configuration.metric == .cosine ? 1 - distance : -distance
  }

  /// A vector as the collection has it.
  static func value(_ vector: [Float], packed: Int?) -> VectorValue {
    packed.map { VectorValue.packed(vector, bitsPerComponent: $0) } ?? .floats(vector)
  }
}
