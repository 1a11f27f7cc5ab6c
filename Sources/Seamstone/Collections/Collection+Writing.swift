import ObjectStorage
import StorageIO

extension Collection {
  /// Inserts objects, or replaces those whose ids exist: all of them or, if one is refused, none.
  ///
  /// An object that comes again with the same vector keeps its place in the index; only its
  /// properties are stored anew. The first vector decides the dimensions where the configuration
  /// leaves them open.
  ///
  /// This call blocks, so it never asks a vectorizer: an object that has text for the collection's vectorizer and
  /// no vector is refused. The `async` form has the vector made.
  /// - Throws: `dimensionMismatch` or `invalidArgument` naming the object, `readOnly`, `noSpace`,
  ///   `mapFull`; `outcomeUnknown` if the disk failed while syncing.
  public func upsert(_ objects: [VectorObject]) throws(StoreError) { try upsertCounting(objects) }

  /// As `upsert(_:)`; answers how many of the objects are new.
  @discardableResult
  package func upsertCounting(_ objects: [VectorObject]) throws(StoreError) -> Int {
    guard !objects.isEmpty else { return 0 }
    let prepared = try prepare(objects)
    try store.waitForRoom(number)
    let inserted = ConditionLock(0)
    try core.write(byteCount: prepared.reduce(0) { $0 + $1.byteCount }) {
      [number] (context) throws(StoreError) in
      let count = try context.upsert(prepared, into: number)
      inserted.withLock { $0 = count }
    }
    core.activity.didWrite(number)
    return inserted.withLock { $0 }
  }

  /// Inserts or replaces one object.
  public func upsert(_ object: VectorObject) throws(StoreError) { try upsert([object]) }

  /// Replaces the properties of an object; its vector and its place in the index stay, even where a
  /// vectorizer made the vector of the texts that are replaced (upsert the object for a new one).
  /// - Throws: `notFound` if there is no such object.
  public func updateProperties(
    of id: ObjectID, to properties: [String: PropertyValue]
  ) throws(StoreError) {
    let prepared = try prepare(properties, of: id)
    try core.write(byteCount: prepared.byteCount) { [number] (context) throws(StoreError) in
      try context.updateProperties([prepared], in: number)
    }
    core.activity.didWrite(number)
  }

  /// Deletes objects; ids that do not exist are passed over.
  /// - Returns: How many objects there were.
  @discardableResult
  public func delete(ids: [ObjectID]) throws(StoreError) -> Int {
    try delete(ids: ids, where: nil)
  }

  private func delete(ids: [ObjectID], where filter: Filter?) throws(StoreError) -> Int {
    for id in ids { try id.validate() }
    let deleted = ConditionLock(0)
    try core.write(byteCount: ids.count * 64) { [number] (context) throws(StoreError) in
      let count = try context.delete(ids, from: number, where: filter)
      deleted.withLock { $0 = count }
    }
    core.activity.didWrite(number)
    return deleted.withLock { $0 }
  }

  /// Deletes the objects whose properties match.
  /// - Returns: How many there were.
  @discardableResult
  public func delete(where filter: Filter) throws(StoreError) -> Int {
    let ids = try read { (reader) throws(StoreError) in try reader.ids(matching: filter) }
    return try delete(ids: ids, where: filter)
  }

  // MARK: - Before the writer

  /// Properties alone, checked.
  func prepare(
    _ properties: [String: PropertyValue], of id: ObjectID
  ) throws(StoreError) -> PreparedObject {
    try id.validate()
    try state { $0.weaviateClass?.schema }?.check(properties, of: id)
    return try PreparedObject(VectorObject(id: id, value: nil, properties: properties))
  }

  func prepare(_ objects: [VectorObject]) throws(StoreError) -> [PreparedObject] {
    let (configuration, schema) = try state {
      ($0.configuration, $0.weaviateClass?.schema)
    }
    var prepared: [PreparedObject] = []
    prepared.reserveCapacity(objects.count)
    for object in objects {
      try validate(object, configuration, schema)
      if object.value == nil, let vectorizer = configuration.vectorizer,
        !configuration.text(of: object.properties).isEmpty
      {
        throw StoreError.needsVectorizing(object.id, vectorizer: vectorizer)
      }
      prepared.append(try PreparedObject(object))
    }
    return prepared
  }

  /// Refuses an id, a vector or a property that the collection could not store.
  func validate(
    _ object: VectorObject, _ configuration: CollectionConfiguration, _ schema: WeaviateSchema?
  ) throws(StoreError) {
    try object.id.validate()
    try schema?.check(object.properties, of: object.id)
    guard let vector = object.value else { return }
    try VectorValidation.check(
      vector, elementType: configuration.elementType, dimensions: configuration.dimensions,
      collection: name, what: "The vector of object \(object.id)")
  }
}
