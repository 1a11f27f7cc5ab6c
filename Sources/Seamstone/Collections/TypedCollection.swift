import ObjectStorage
import StorageIO

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
    try typed(
      collection.search(
        near: vector, limit: limit, ef: ef, where: filter, exact: exact, includingVectors: true))
  }

  /// The records nearest to an existing one, which is not among the results.
  public func search(
    nearID id: Record.ID, limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false
  ) throws(StoreError) -> [SearchHit<Record>] {
    try typed(
      collection.search(
        nearID: id.objectID, limit: limit, ef: ef, where: filter, exact: exact,
        includingVectors: true))
  }

  /// Answers many queries on up to `threads` threads (0: one for each processor), all from one version, in
  /// the order of the queries.
  public func search(
    near vectors: [[Float]], limit: Int = 10, ef: Int? = nil, where filter: Filter? = nil,
    exact: Bool = false, threads: Int = 0
  ) throws(StoreError) -> [[SearchHit<Record>]] {
    let answers = try collection.search(
      near: vectors, limit: limit, ef: ef, where: filter, exact: exact, includingVectors: true,
      threads: threads)
    var converted: [[SearchHit<Record>]] = []
    converted.reserveCapacity(answers.count)
    for hits in answers { converted.append(try typed(hits)) }
    return converted
  }

  /// Brings the index to rest; see `Collection.compact(full:)`.
  public func compact(full: Bool = false) throws(StoreError) {
    try collection.compact(full: full)
  }

  /// Changes the index online; see `Collection.reconfigure(index:encoding:filtering:)`.
  public func reconfigure(
    index: IndexConfiguration? = nil, encoding: VectorEncoding? = nil,
    filtering: FilterPlanning? = nil
  ) throws(StoreError) {
    try collection.reconfigure(index: index, encoding: encoding, filtering: filtering)
  }

  /// The progress of background work; see `Collection.indexing`.
  public var indexing: AsyncStream<IndexingProgress> { collection.indexing }

  func objects(_ records: [Record]) throws(StoreError) -> [VectorObject] {
    var objects: [VectorObject] = []
    objects.reserveCapacity(records.count)
    for record in records { objects.append(try VectorObject(record)) }
    return objects
  }

  func typed(
    _ hits: [SearchHit<VectorObject>]
  ) throws(StoreError) -> [SearchHit<Record>] {
    var typed: [SearchHit<Record>] = []
    typed.reserveCapacity(hits.count)
    for hit in hits {
      typed.append(
        SearchHit(id: hit.id, distance: hit.distance, object: try hit.object.decoded()))
    }
    return typed
  }
}

extension Store {
  /// The collection called `name` as a collection of your records, created if it does not exist.
  public func collection<Record: VectorRecord>(
    _ name: String, of type: Record.Type, _ configuration: CollectionConfiguration
  ) throws(StoreError) -> TypedCollection<Record> {
    TypedCollection(try collection(name, configuration))
  }

  /// An existing collection as a collection of your records. Throws `notFound`.
  public func collection<Record: VectorRecord>(
    _ name: String, of type: Record.Type
  ) throws(StoreError) -> TypedCollection<Record> {
    TypedCollection(try collection(name))
  }
}

extension WriteBatch {
  /// Adds inserts or replacements of records; refuses invalid ones at once.
  public mutating func upsert<Record: VectorRecord>(
    _ records: [Record], into collection: TypedCollection<Record>
  ) throws(StoreError) {
    var objects: [VectorObject] = []
    objects.reserveCapacity(records.count)
    for record in records { objects.append(try VectorObject(record)) }
    try upsert(objects, into: collection.collection)
  }

  /// Adds a replacement of everything of a record but its vector.
  public mutating func updateProperties<Record: VectorRecord>(
    of record: Record, in collection: TypedCollection<Record>
  ) throws(StoreError) {
    let object = try VectorObject(record)
    try updateProperties(of: object.id, to: object.properties, in: collection.collection)
  }

  /// Adds deletions of records; ids that do not exist are passed over.
  public mutating func delete<Record: VectorRecord>(
    ids: [Record.ID], from collection: TypedCollection<Record>
  ) throws(StoreError) {
    try delete(ids: ids.map(\.objectID), from: collection.collection)
  }
}

extension CollectionSnapshot {
  /// The record with `id` in this version; nil if there is none.
  public func get<Record: VectorRecord>(
    _ id: Record.ID, as type: Record.Type
  ) throws(StoreError) -> Record? {
    try get(id.objectID)?.decoded()
  }
}
