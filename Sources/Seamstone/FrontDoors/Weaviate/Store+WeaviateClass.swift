import ObjectStorage
public import StorageIO

extension Store {
  /// The collection of a class of Weaviate's, from the JSON of its definition: created, or if it exists, changed.
  ///
  /// Of a class that exists, what the JSON does not say stays as it is. `ef` and everything else that needs no
  /// new segments holds from the next search on. A change of the compression starts a conversion in the
  /// background: searches are answered throughout, writes are refused with the reason, and the status is
  /// READONLY until it is over; it goes on by itself after a restart. What cannot be changed is refused with
  /// its old and its new value. Declared properties with `indexFilterable`, which is usual, get a property index; of a
  /// class that has objects it is built before this returns.
  /// - Parameter dimensions: The length of the vectors; nil lets the first one decide.
  /// - Throws: `invalidConfiguration` with everything that is wrong; nothing is created or changed then.
  public func collection(
    fromWeaviateClass json: String, dimensions: Int? = nil
  ) throws(StoreError) -> Collection {
    let members = try WeaviateClass.members(json)
    guard case .string(let name)? = members["class"],
      try collectionNames().contains(name)
    else {
      do throws(StoreError) {
        return try create(members, dimensions: dimensions)
      } catch {
        // Another thread was faster.
        guard error.code == .alreadyExists else { throw error }
        return try self.collection(fromWeaviateClass: json, dimensions: dimensions)
      }
    }
    let collection = try collection(name)
    let types = core.options.weaviateIndexTypes
    // The writer's thread decides, so that two changes at a time do not undo each other; but a definition
    // that changes nothing must not need a writer.
    let isSame = try collection.state { (state) throws(StoreError) in
      try WeaviateChange(members, of: state, dimensions: dimensions, types).isEmpty
    }
    if isSame { return collection }
    let number = collection.number
    try core.write { (context) throws(StoreError) in
      try context.changeClass(number, members, dimensions: dimensions, types)
    }
    try PropertyIndexWork(core: core).finish(number)
    return collection
  }

  /// As `collection(fromWeaviateClass:dimensions:)`, for the bytes of the JSON.
  public func collection(
    fromWeaviateClass json: some Sequence<UInt8>, dimensions: Int? = nil
  ) throws(StoreError) -> Collection {
    guard let text = String(validating: Array(json), as: UTF8.self) else {
      throw StoreError(.invalidConfiguration, "A class is not valid JSON: it is not UTF-8")
    }
    return try collection(fromWeaviateClass: text, dimensions: dimensions)
  }

  private func create(
    _ members: [String: PropertyValue], dimensions: Int?
  ) throws(StoreError) -> Collection {
    let types = core.options.weaviateIndexTypes
    let made = try WeaviateClass(members, indexTypes: Set(types.map(\.name)))
    let configuration = try made.configuration(dimensions: dimensions, indexTypes: types)
    try made.requireFitting(configuration.dimensions)
    return try createCollection(made.name, configuration, weaviateClass: made)
  }
}

extension Collection {
  /// The class that the collection was created from, as it is now; nil for a collection without one.
  public func weaviateClassDefinition() throws(StoreError) -> WeaviateClass? {
    try state { $0.weaviateClass }
  }

  /// The definition of its class as JSON, with all defaults filled in; nil for a collection without a class.
  public var weaviateClass: String? {
    get throws(StoreError) { try weaviateClassDefinition()?.json }
  }
}
