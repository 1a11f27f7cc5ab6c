import StorageIO
import VectorMath

// The same calls for Swift concurrency: they run on threads of the store's own, and records are encoded and
// decoded there, too. (`upsert` is with the vectorizers: it may have vectors made.)
extension TypedCollection {
  /// As `updateProperties(of:)`, without blocking the calling task's thread.
  public func updateProperties(of record: Record) async throws {
    try await detached { (typed) throws(StoreError) in try typed.updateProperties(of: record) }
  }

  /// As `get(_:)`, without blocking the calling task's thread.
  public func get(_ id: Record.ID) async throws -> Record? {
    try await detached { (typed) throws(StoreError) in try typed.get(id) }
  }

  /// As `get(_:)` of many, without blocking the calling task's thread.
  public func get(_ ids: [Record.ID]) async throws -> [Record?] {
    try await detached { (typed) throws(StoreError) in try typed.get(ids) }
  }

  /// As `delete(ids:)`, without blocking the calling task's thread.
  @discardableResult
  public func delete(ids: [Record.ID]) async throws -> Int {
    try await detached { (typed) throws(StoreError) in try typed.delete(ids: ids) }
  }

  /// As `delete(where:)`, without blocking the calling task's thread.
  @discardableResult
  public func delete(where filter: Filter) async throws -> Int {
    try await detached { (typed) throws(StoreError) in try typed.delete(where: filter) }
  }

  /// As `search(near:limit:ef:where:exact:)`, without blocking the calling task's thread.
  public func search(
    near vector: [Float], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) async throws -> [SearchHit<Record>] {
    try await search(near: .floats(vector), limit: limit, ef: ef, where: filter, exact: exact)
  }

  /// As the search of either element type, without blocking the calling task's thread.
  public func search(
    near vector: VectorValue, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) async throws -> [SearchHit<Record>] {
    try await detached { (typed) throws(StoreError) in
      try typed.search(near: vector, limit: limit, ef: ef, where: filter, exact: exact)
    }
  }

  /// As `search(nearID:limit:ef:where:exact:)`, without blocking the calling task's thread.
  public func search(
    nearID id: Record.ID, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) async throws -> [SearchHit<Record>] {
    try await detached { (typed) throws(StoreError) in
      try typed.search(nearID: id, limit: limit, ef: ef, where: filter, exact: exact)
    }
  }

  /// As `search(near:limit:ef:where:exact:threads:)` of many queries, without blocking the calling task's thread.
  public func search(
    near vectors: [[Float]], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, threads: Int = 0
  ) async throws -> [[SearchHit<Record>]] {
    try await search(
      near: vectors.map { .floats($0) }, limit: limit, ef: ef, where: filter, exact: exact,
      threads: threads)
  }

  /// As the search near many vectors of either element type, without blocking the calling task's thread.
  public func search(
    near vectors: [VectorValue], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, threads: Int = 0
  ) async throws -> [[SearchHit<Record>]] {
    try await detached { (typed) throws(StoreError) in
      try typed.search(
        near: vectors, limit: limit, ef: ef, where: filter, exact: exact, threads: threads)
    }
  }

  /// As `createPropertyIndex(_:)`, without blocking the calling task's thread.
  public func createPropertyIndex(_ path: PropertyPath) async throws {
    try await collection.createPropertyIndex(path)
  }

  /// As `compact(full:)`, without blocking the calling task's thread.
  public func compact(full: Bool = false) async throws { try await collection.compact(full: full) }

  private func detached<Result: Sendable>(
    _ body: @escaping @Sendable (TypedCollection) throws(StoreError) -> Result
  ) async throws -> Result {
    try await collection.detached { (collection) throws(StoreError) in
      try body(TypedCollection(collection))
    }
  }
}
