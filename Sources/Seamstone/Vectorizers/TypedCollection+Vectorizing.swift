import StorageIO

extension TypedCollection {
  /// As `upsert(_:)`, without blocking the calling task's thread, and with vectors made for records that have none;
  /// see `Collection.vectorized(_:)`.
  public func upsert(_ records: [Record]) async throws {
    try await collection.upsert(objects(records))
  }

  /// As `upsert(_:)`, for one record.
  public func upsert(_ record: Record) async throws { try await upsert([record]) }

  /// The records nearest to a text, closest first; see
  /// `Collection.search(nearText:limit:ef:where:exact:includingVectors:)`.
  public func search(
    nearText text: String, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) async throws -> [SearchHit<Record>] {
    try await collection.search(
      nearText: text, limit: limit, ef: ef, where: filter, exact: exact, includingVectors: true
    ).decoded()
  }
}
