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
    var objects: [VectorObject] = []
    objects.reserveCapacity(records.count)
    for record in records { objects.append(try VectorObject(record)) }
    try collection.upsert(objects)
  }

  /// Inserts or replaces one record.
  public func upsert(_ record: Record) throws(StoreError) { try upsert([record]) }

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

  private func typed(
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

extension CollectionSnapshot {
  /// The record with `id` in this version; nil if there is none.
  public func get<Record: VectorRecord>(
    _ id: Record.ID, as type: Record.Type
  ) throws(StoreError) -> Record? {
    try get(id.objectID)?.decoded()
  }
}
