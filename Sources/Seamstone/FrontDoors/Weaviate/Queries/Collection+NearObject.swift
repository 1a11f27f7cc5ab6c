public import ObjectStorage
public import StorageIO

extension Collection {
  /// As `nearVector(_:where:includingVectors:)`, near the vector of an existing object, which is not among the
  /// results and not counted by limit and offset.
  /// - Parameters:
  ///   - id: The object.
  ///   - query: Everything but the vector, which is not looked at.
  ///   - filter: Only objects whose properties match are found.
  ///   - includingVectors: Also fetch the original vectors.
  /// - Throws: `notFound` if there is no such object or it has no vector; as `nearVector`.
  public func nearObject(
    _ id: ObjectID, _ query: NearVector = NearVector(vector: []), where filter: Filter? = nil,
    includingVectors: Bool = false
  ) throws(StoreError) -> WeaviateResult {
    try id.validate()
    return try read { (reader) throws(StoreError) in
      var query = query
      query.value = try reader.requireVector(of: id)
      return try reader.nearVector(
        query, where: filter, including: includingVectors ? .everything : .properties,
        leavingOut: id)
    }
  }

  /// As `nearObject(_:_:where:includingVectors:)`, without blocking the calling task's thread.
  public func nearObject(
    _ id: ObjectID, _ query: NearVector = NearVector(vector: []), where filter: Filter? = nil,
    includingVectors: Bool = false
  ) async throws -> WeaviateResult {
    try await detached { (collection) throws(StoreError) in
      try collection.nearObject(id, query, where: filter, includingVectors: includingVectors)
    }
  }
}
