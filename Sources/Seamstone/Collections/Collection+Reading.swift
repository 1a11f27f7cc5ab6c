import ObjectStorage
import StorageIO
import VectorMath

extension Collection {
  /// The object with `id`, with its vector as it was given; nil if there is none.
  public func get(_ id: ObjectID) throws(StoreError) -> VectorObject? {
    try id.validate()
    return try read { (reader) throws(StoreError) in try reader.get(id) }
  }

  /// The objects with these ids, in their order; nil for those that do not exist.
  public func get(_ ids: [ObjectID]) throws(StoreError) -> [VectorObject?] {
    for id in ids { try id.validate() }
    return try read { (reader) throws(StoreError) in
      var objects: [VectorObject?] = []
      for id in ids { objects.append(try reader.get(id)) }
      return objects
    }
  }

  /// The objects nearest to `vector`, closest first.
  ///
  /// Distances are exact: the index proposes candidates, and they are compared with the query by
  /// their original vectors. `limit` objects are returned whenever so many exist (and match).
  /// - Parameters:
  ///   - vector: As many finite components as the collection has dimensions.
  ///   - limit: Results wanted.
  ///   - ef: How many candidates the index keeps while it walks (the beam width of HNSW): more is
  ///     slower and finds more of the true neighbours. nil uses the collection's configuration. The index is
  ///     always asked for a few more than `limit` (a quarter, at least 4), so a smaller number acts as that one.
  ///   - filter: Only objects whose properties match are returned.
  ///   - exact: Compare with every vector: the true answer, slower.
  ///   - includingVectors: Also fetch the original vectors.
  public func search(
    near vector: [Float], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, includingVectors: Bool = false
  ) throws(StoreError) -> [SearchHit<VectorObject>] {
    try search(
      near: .floats(vector), limit: limit, ef: ef, where: filter, exact: exact,
      includingVectors: includingVectors)
  }

  /// As `search(near:limit:ef:where:exact:includingVectors:)` of numbers, near a vector of the collection's element
  /// type: `.bits([0xB0, 0x0F])` for packed bits.
  public func search(
    near vector: VectorValue, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, includingVectors: Bool = false
  ) throws(StoreError) -> [SearchHit<VectorObject>] {
    try read { (reader) throws(StoreError) in
      try reader.search(
        SearchRequest(vector: vector, limit: limit, ef: ef, filter: filter, isExact: exact),
        including: includingVectors ? .everything : .properties)
    }
  }

  /// As `search(near:)`, returning only ids and distances: nothing else is read.
  public func searchIDs(
    near vector: [Float], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) throws(StoreError) -> [IDHit] {
    try searchIDs(near: .floats(vector), limit: limit, ef: ef, where: filter, exact: exact)
  }

  /// As `search(near:)` of either element type, returning only ids and distances: nothing else is read.
  public func searchIDs(
    near vector: VectorValue, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) throws(StoreError) -> [IDHit] {
    try read { (reader) throws(StoreError) in
      try reader.searchIDs(
        SearchRequest(vector: vector, limit: limit, ef: ef, filter: filter, isExact: exact))
    }
  }

  /// The objects nearest to the vector of an existing object, which is not among the results.
  /// - Throws: `notFound` if there is no such object or it has no vector.
  public func search(
    nearID id: ObjectID, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, includingVectors: Bool = false
  ) throws(StoreError) -> [SearchHit<VectorObject>] {
    try id.validate()
    return try read { (reader) throws(StoreError) in
      try reader.search(
        nearID: id,
        SearchRequest(vector: .floats([]), limit: limit, ef: ef, filter: filter, isExact: exact),
        including: includingVectors ? .everything : .properties)
    }
  }

  /// Answers many queries, on up to `threads` threads (0: one for each processor), all from one
  /// version of the collection. The results are in the order of the queries.
  public func search(
    near vectors: [[Float]], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, includingVectors: Bool = false, threads: Int = 0
  ) throws(StoreError) -> [[SearchHit<VectorObject>]] {
    try search(
      near: vectors.map { .floats($0) }, limit: limit, ef: ef, where: filter, exact: exact,
      includingVectors: includingVectors, threads: threads)
  }

  /// As the search near many vectors of numbers, near vectors of the collection's element type.
  public func search(
    near vectors: [VectorValue], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, includingVectors: Bool = false, threads: Int = 0
  ) throws(StoreError) -> [[SearchHit<VectorObject>]] {
    try BatchSearch(
      collection: self, limit: limit, ef: ef, filter: filter, isExact: exact,
      content: includingVectors ? .everything : .properties
    ).run(vectors, threads: threads > 0 ? threads : core.threads)
  }
}
