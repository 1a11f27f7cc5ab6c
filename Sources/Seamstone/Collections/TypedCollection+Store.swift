import StorageIO

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
