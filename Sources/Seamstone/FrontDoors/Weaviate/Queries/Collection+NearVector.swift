public import StorageIO

extension Collection {
  /// The objects near a vector, as Weaviate's `nearVector` finds them: with a bound on distance or certainty, a
  /// limit and an offset, cut at a jump of the distance.
  /// - Parameters:
  ///   - filter: Only objects whose properties match are found.
  ///   - includingVectors: Also fetch the original vectors.
  /// - Throws: `invalidArgument` for a query that cannot be answered, `dimensionMismatch`.
  public func nearVector(
    _ query: NearVector, where filter: Filter? = nil, includingVectors: Bool = false
  ) throws(StoreError) -> WeaviateResult {
    try read { (reader) throws(StoreError) in
      try reader.nearVector(
        query, where: filter, including: includingVectors ? .everything : .properties)
    }
  }

  /// As `nearVector(_:where:includingVectors:)`, without blocking the calling task's thread.
  public func nearVector(
    _ query: NearVector, where filter: Filter? = nil, includingVectors: Bool = false
  ) async throws -> WeaviateResult {
    try await detached { (collection) throws(StoreError) in
      try collection.nearVector(query, where: filter, includingVectors: includingVectors)
    }
  }
}
