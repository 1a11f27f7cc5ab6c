import ObjectStorage
import StorageIO
import VectorMath

/// A collection whose objects are values of a type of yours.
///
/// It is the untyped `collection` with records converted on the way in and out, so both may be used
/// side by side.
public struct TypedCollection<Record: VectorRecord>: Sendable {
  /// The collection underneath, for everything that needs no type.
  public let collection: Collection

  /// Sees `collection` as a collection of `Record`.
  public init(_ collection: Collection) { self.collection = collection }

  /// The collection's name.
  public var name: String { collection.name }

  /// Live records.
  public func count() throws(StoreError) -> Int { try collection.count() }

  /// Inserts or replaces records, all or none; see `Collection.upsert(_:)`.
  public func upsert(_ records: [Record]) throws(StoreError) {
    try collection.upsert(objects(records))
  }

  /// Inserts or replaces one record.
  public func upsert(_ record: Record) throws(StoreError) { try upsert([record]) }

  /// Replaces everything of an existing record but its vector, which stays with its place in the index; see
  /// `Collection.updateProperties(of:to:)`. The vector that `record` carries is not looked at.
  /// - Throws: `notFound` if there is no record with this id.
  public func updateProperties(of record: Record) throws(StoreError) {
    let object = try VectorObject(record)
    try collection.updateProperties(of: object.id, to: object.properties)
  }

  /// The record with `id`; nil if there is none.
  public func get(_ id: Record.ID) throws(StoreError) -> Record? {
    try collection.get(id.objectID)?.decoded()
  }

  /// The records with these ids, in their order; nil for those that do not exist.
  public func get(_ ids: [Record.ID]) throws(StoreError) -> [Record?] {
    var records: [Record?] = []
    records.reserveCapacity(ids.count)
    for object in try collection.get(ids.map(\.objectID)) {
      records.append(try object?.decoded())
    }
    return records
  }

  /// Deletes records; ids that do not exist are passed over. Answers how many there were.
  @discardableResult
  public func delete(ids: [Record.ID]) throws(StoreError) -> Int {
    try collection.delete(ids: ids.map(\.objectID))
  }

  /// Deletes the records that match. Answers how many there were.
  @discardableResult
  public func delete(where filter: Filter) throws(StoreError) -> Int {
    try collection.delete(where: filter)
  }

  /// The records nearest to `vector`, closest first; see
  /// `Collection.search(near:limit:ef:where:exact:includingVectors:)`.
  public func search(
    near vector: [Float], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) throws(StoreError) -> [SearchHit<Record>] {
    try search(near: .floats(vector), limit: limit, ef: ef, where: filter, exact: exact)
  }

  /// The records nearest to a vector of the collection's element type: `.bits(bytes)` for packed bits.
  public func search(
    near vector: VectorValue, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) throws(StoreError) -> [SearchHit<Record>] {
    try collection.search(
      near: vector, limit: limit, ef: ef, where: filter, exact: exact, includingVectors: true
    ).decoded()
  }

  /// The records nearest to an existing one, which is not among the results.
  public func search(
    nearID id: Record.ID, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) throws(StoreError) -> [SearchHit<Record>] {
    try collection.search(
      nearID: id.objectID, limit: limit, ef: ef, where: filter, exact: exact,
      includingVectors: true
    ).decoded()
  }

  /// As `search(near:)`, returning only ids and distances: nothing else is read, so it is the quickest.
  public func searchIDs(
    near vector: [Float], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) throws(StoreError) -> [IDHit] {
    try searchIDs(near: .floats(vector), limit: limit, ef: ef, where: filter, exact: exact)
  }

  /// As `search(near:)` of either element type, returning only ids and distances.
  public func searchIDs(
    near vector: VectorValue, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) throws(StoreError) -> [IDHit] {
    try collection.searchIDs(near: vector, limit: limit, ef: ef, where: filter, exact: exact)
  }

  /// Answers many queries on up to `threads` threads (0: one for each processor), all from one version, in
  /// the order of the queries.
  public func search(
    near vectors: [[Float]], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, threads: Int = 0
  ) throws(StoreError) -> [[SearchHit<Record>]] {
    try search(
      near: vectors.map { .floats($0) }, limit: limit, ef: ef, where: filter, exact: exact,
      threads: threads)
  }

  /// As the search near many vectors of numbers, near vectors of the collection's element type.
  public func search(
    near vectors: [VectorValue], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, threads: Int = 0
  ) throws(StoreError) -> [[SearchHit<Record>]] {
    let answers = try collection.search(
      near: vectors, limit: limit, ef: ef, where: filter, exact: exact, includingVectors: true,
      threads: threads)
    var converted: [[SearchHit<Record>]] = []
    converted.reserveCapacity(answers.count)
    for hits in answers { converted.append(try hits.decoded()) }
    return converted
  }

  func objects(_ records: [Record]) throws(StoreError) -> [VectorObject] {
    var objects: [VectorObject] = []
    objects.reserveCapacity(records.count)
    for record in records { objects.append(try VectorObject(record)) }
    return objects
  }
}
