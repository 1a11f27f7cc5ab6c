import ObjectStorage
import StorageIO
import VectorMath

// The same calls for Swift concurrency: they run on threads of the store's own, so the cooperative
// pool never blocks on a disk.
extension Collection {
  /// As `upsert(_:)`, without blocking the calling task's thread. In a collection with a vectorizer, objects
  /// may come without vectors: see ``vectorized(_:)``.
  public func upsert(_ objects: [VectorObject]) async throws {
    let objects = try await vectorized(objects)
    try await detached { (collection) throws(StoreError) in try collection.upsert(objects) }
  }

  /// As `upsert(_:)`, for one object.
  public func upsert(_ object: VectorObject) async throws { try await upsert([object]) }

  /// As `delete(ids:)`, without blocking the calling task's thread.
  @discardableResult
  public func delete(ids: [ObjectID]) async throws -> Int {
    try await detached { (collection) throws(StoreError) in try collection.delete(ids: ids) }
  }

  /// As `delete(where:)`, without blocking the calling task's thread.
  @discardableResult
  public func delete(where filter: Filter) async throws -> Int {
    try await detached { (collection) throws(StoreError) in try collection.delete(where: filter) }
  }

  /// As `updateProperties(of:to:)`, without blocking the calling task's thread.
  public func updateProperties(
    of id: ObjectID, to properties: [String: PropertyValue]
  ) async throws {
    try await detached { (collection) throws(StoreError) in
      try collection.updateProperties(of: id, to: properties)
    }
  }

  /// As `get(_:)`, without blocking the calling task's thread.
  public func get(_ id: ObjectID) async throws -> VectorObject? {
    try await detached { (collection) throws(StoreError) in try collection.get(id) }
  }

  /// As `search(near:limit:ef:where:exact:includingVectors:)`, without blocking the calling task's
  /// thread.
  public func search(
    near vector: [Float], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, includingVectors: Bool = false
  ) async throws -> [SearchHit<VectorObject>] {
    try await search(
      near: .floats(vector), limit: limit, ef: ef, where: filter, exact: exact,
      includingVectors: includingVectors)
  }

  /// As the search of either element type, without blocking the calling task's thread.
  public func search(
    near vector: VectorValue, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, includingVectors: Bool = false
  ) async throws -> [SearchHit<VectorObject>] {
    try await detached { (collection) throws(StoreError) in
      try collection.search(
        near: vector, limit: limit, ef: ef, where: filter, exact: exact,
        includingVectors: includingVectors)
    }
  }

  /// As `search(nearID:limit:ef:where:exact:includingVectors:)`, without blocking the calling task's thread.
  public func search(
    nearID id: ObjectID, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, includingVectors: Bool = false
  ) async throws -> [SearchHit<VectorObject>] {
    try await detached { (collection) throws(StoreError) in
      try collection.search(
        nearID: id, limit: limit, ef: ef, where: filter, exact: exact,
        includingVectors: includingVectors)
    }
  }

  /// As `search(near:limit:ef:where:exact:includingVectors:threads:)` of many queries, without blocking the
  /// calling task's thread.
  public func search(
    near vectors: [[Float]], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, includingVectors: Bool = false, threads: Int = 0
  ) async throws -> [[SearchHit<VectorObject>]] {
    try await search(
      near: vectors.map { .floats($0) }, limit: limit, ef: ef, where: filter, exact: exact,
      includingVectors: includingVectors, threads: threads)
  }

  /// As the search near many vectors of either element type, without blocking the calling task's thread.
  public func search(
    near vectors: [VectorValue], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, includingVectors: Bool = false, threads: Int = 0
  ) async throws -> [[SearchHit<VectorObject>]] {
    try await detached { (collection) throws(StoreError) in
      try collection.search(
        near: vectors, limit: limit, ef: ef, where: filter, exact: exact,
        includingVectors: includingVectors, threads: threads)
    }
  }

  /// As `createPropertyIndex(_:)`, without blocking the calling task's thread.
  public func createPropertyIndex(_ path: PropertyPath) async throws {
    try await detached { (collection) throws(StoreError) in
      try collection.createPropertyIndex(path)
    }
  }

  /// As `compact(full:)`, without blocking the calling task's thread. When the task is cancelled, the segment that is
  /// being built for it is given up within moments and `CancellationError` is thrown; what was finished stays, and the
  /// store's own background work goes on, which will want the same in time.
  public func compact(full: Bool = false) async throws {
    try await stoppable { (collection, stop) throws(StoreError) in
      try collection.compact(full: full, stop: stop)
    }
  }

  /// As `build()`, without blocking the calling task's thread. When the task is cancelled, the build is given up within
  /// moments, `CancellationError` is thrown, and changes are accepted as before.
  public func build() async throws {
    try await stoppable { (collection, stop) throws(StoreError) in
      try collection.build(stop: stop)
    }
  }

  /// Runs `body` on one of the store's threads, and asks it to stop when the task is cancelled.
  private func stoppable(
    _ body: @escaping @Sendable (Collection, StopRequest) throws(StoreError) -> Void
  ) async throws {
    let stop = StopRequest()
    do {
      try await withTaskCancellationHandler {
        try await detached { (collection) throws(StoreError) in try body(collection, stop) }
      } onCancel: {
        stop.make()
      }
    } catch let error as StoreError where error.code == .cancelled && stop.isMade {
      throw CancellationError()
    }
  }

  /// Runs `body` on one of the store's threads.
  func detached<Result: Sendable>(
    _ body: @escaping @Sendable (Collection) throws(StoreError) -> Result
  ) async throws -> Result {
    try Task.checkCancellation()
    return try await withCheckedThrowingContinuation { continuation in
      core.workers.submit {
        do throws(StoreError) {
          continuation.resume(returning: try body(self))
        } catch {
          continuation.resume(throwing: error)
        }
      }
    }
  }
}
