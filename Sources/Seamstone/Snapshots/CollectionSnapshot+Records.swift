import StorageIO
import VectorMath

// The objects of a version as records of the caller's.
extension CollectionSnapshot {
  /// The record with `id` in this version; nil if there is none.
  public func get<Record: VectorRecord>(
    _ id: Record.ID, as type: Record.Type
  ) throws(StoreError) -> Record? {
    try get(id.objectID)?.decoded()
  }

  /// The records of this version that are nearest to `vector`; see `search(near:limit:ef:where:exact:)`.
  public func search<Record: VectorRecord>(
    near vector: [Float], as type: Record.Type, limit: Int = 10, ef: Int? = nil,
    where filter: Filter? = nil, exact: Bool = false
  ) throws(StoreError) -> [SearchHit<Record>] {
    try search(near: .floats(vector), as: type, limit: limit, ef: ef, where: filter, exact: exact)
  }

  /// The records of this version that are nearest to a vector of the collection's element type.
  public func search<Record: VectorRecord>(
    near vector: VectorValue, as type: Record.Type, limit: Int = 10, ef: Int? = nil,
    where filter: Filter? = nil, exact: Bool = false
  ) throws(StoreError) -> [SearchHit<Record>] {
    try search(near: vector, limit: limit, ef: ef, where: filter, exact: exact).decoded()
  }

  /// Calls `body` with every record of this version in the order of insertion, until it returns false; see
  /// `forEachObject(_:)`.
  public func forEachRecord<Record: VectorRecord>(
    as type: Record.Type, _ body: (Record) throws(StoreError) -> Bool
  ) throws(StoreError) {
    try forEachObject { (object) throws(StoreError) in try body(object.decoded()) }
  }
}

extension [SearchHit<VectorObject>] {
  /// The hits with their objects as records.
  func decoded<Record: VectorRecord>() throws(StoreError) -> [SearchHit<Record>] {
    var hits: [SearchHit<Record>] = []
    hits.reserveCapacity(count)
    for hit in self {
      hits.append(SearchHit(id: hit.id, distance: hit.distance, object: try hit.object.decoded()))
    }
    return hits
  }
}
