import ObjectStorage
import StorageIO
import VectorMath

/// A collection as one snapshot sees it.
public struct CollectionSnapshot: Sendable {
  let snapshot: Snapshot
  let core: StoreCore
  let number: UInt32
  /// The collection's name.
  public let name: String

  /// Live objects, those without a vector included.
  public func count() throws(StoreError) -> Int {
    try read { (reader) in reader.count }
  }

  /// The object with `id`; nil if there is none.
  public func get(_ id: ObjectID) throws(StoreError) -> VectorObject? {
    try id.validate()
    return try read { (reader) throws(StoreError) in try reader.get(id) }
  }

  /// The objects nearest to `vector`; see `Collection.search(near:limit:ef:where:exact:)`.
  public func search(
    near vector: [Float], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) throws(StoreError) -> [SearchHit<VectorObject>] {
    try search(near: .floats(vector), limit: limit, ef: ef, where: filter, exact: exact)
  }

  /// The objects nearest to a vector of the collection's element type.
  public func search(
    near vector: VectorValue, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) throws(StoreError) -> [SearchHit<VectorObject>] {
    try read { (reader) throws(StoreError) in
      try reader.search(
        SearchRequest(vector: vector, limit: limit, ef: ef, filter: filter, isExact: exact),
        including: .everything)
    }
  }

  /// The objects nearest to the vector of an existing object, which is not among the results.
  /// - Throws: `notFound` if this version has no such object or it has no vector.
  public func search(
    nearID id: ObjectID, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) throws(StoreError) -> [SearchHit<VectorObject>] {
    try id.validate()
    return try read { (reader) throws(StoreError) in
      try reader.search(
        nearID: id,
        SearchRequest(vector: .floats([]), limit: limit, ef: ef, filter: filter, isExact: exact),
        including: .everything)
    }
  }

  /// Answers many queries, in their order. The reads of a snapshot run one after another, so these do;
  /// `Collection` answers them on several threads.
  public func search(
    near vectors: [[Float]], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) throws(StoreError) -> [[SearchHit<VectorObject>]] {
    try search(
      near: vectors.map { .floats($0) }, limit: limit, ef: ef, where: filter, exact: exact)
  }

  /// Answers many queries of the collection's element type, in their order.
  public func search(
    near vectors: [VectorValue], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) throws(StoreError) -> [[SearchHit<VectorObject>]] {
    try read { (reader) throws(StoreError) in
      var answers: [[SearchHit<VectorObject>]] = []
      answers.reserveCapacity(vectors.count)
      for vector in vectors {
        answers.append(
          try reader.search(
            SearchRequest(vector: vector, limit: limit, ef: ef, filter: filter, isExact: exact),
            including: .everything))
      }
      return answers
    }
  }

  /// Calls `body` with every object in the order of insertion, until it returns false. The body may use
  /// the snapshot: it runs between two pages, not while one is read.
  public func forEachObject(
    _ body: (VectorObject) throws(StoreError) -> Bool
  ) throws(StoreError) {
    var cursor: UInt64?
    repeat {
      let page = try objects(after: cursor, limit: 256)
      for object in page.objects where try !body(object) { return }
      cursor = page.next
    } while cursor != nil
  }

  /// A page of objects in the order of insertion.
  /// - Parameters:
  ///   - cursor: Where the page before it ended; nil for the first page.
  ///   - limit: The largest number of objects in the page.
  /// - Returns: The objects, and where the next page begins; nil after the last one.
  public func objects(
    after cursor: UInt64? = nil, limit: Int = 1_000
  ) throws(StoreError) -> (objects: [VectorObject], next: UInt64?) {
    try read { (reader) throws(StoreError) in try reader.objects(after: cursor, limit: limit) }
  }

  func read<Result>(
    _ body: (CollectionReader) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try snapshot.withState { (transaction, state) throws(StoreError) in
      guard let collection = state.collections[number] else {
        throw StoreError.collectionDropped(name)
      }
      return try body(
        CollectionReader(state: collection, transaction: transaction, contexts: core.contexts))
    }
  }
}
