import ObjectStorage
public import StorageIO
import SystemPackage

extension ANN {
  /// The object that keeps the next id; it has no vector, so no search finds it.
  private static let offsetID = ObjectID.string("offset")
  private static let offsetProperty = "offset"
  /// Vectors of one commit.
  private static let batchSize = 4_096

  /// Makes the index anew of these vectors, with the ids 0, 1, 2, …; what was there before is gone. With the backend
  /// annoy the index is finished then: ``append(_:)`` and ``delete(_:)`` throw `readOnly`, as txtai's do.
  /// - Throws: `dimensionMismatch` and the like; a vector that is refused leaves those before it.
  public func index(_ vectors: [[Float]]) throws(StoreError) {
    let plan = configuration.plan(count: vectors.count, dimensions: vectors.first?.count)
    let wanted = try plan.configuration()
    try state.withLock { (state: inout State?) throws(StoreError) in
      let store: Store
      if let open = state { store = open.store } else { store = try openStore(creating: true) }
      state = nil
      do throws(StoreError) {
        if try store.collectionNames().contains(ANN.collectionName) {
          try store.dropCollection(ANN.collectionName)
        }
        let collection = try store.createCollection(ANN.collectionName, wanted)
        var made = State(store: store, collection: collection, offset: 0)
        try ANN.append(vectors, to: &made)
        if wanted.index.isBuiltOnce { try collection.build() }
        state = made
      } catch {
        store.close()
        throw error
      }
    }
  }

  /// Adds vectors; their ids go on where the last ended.
  public func append(_ vectors: [[Float]]) throws(StoreError) {
    try withState { (state) throws(StoreError) in try ANN.append(vectors, to: &state) }
  }

  /// Deletes vectors; ids that do not exist are passed over.
  public func delete(_ ids: [Int64]) throws(StoreError) {
    try withState { (state) throws(StoreError) in
      _ = try state.collection.delete(ids: ids.map { .int($0) })
    }
  }

  /// Brings the index up to date with all vectors, so that the next search is as fast as it gets. They are in
  /// the store already.
  public func save() throws(StoreError) {
    try withState { (state) throws(StoreError) in try state.collection.compact(full: true) }
  }

  /// Opens the index that is at the path; one that is open already is closed before.
  /// - Throws: `notFound` if there is none.
  public func load() throws(StoreError) {
    try state.withLock { (state: inout State?) throws(StoreError) in
      state?.store.close()
      state = nil
      let store = try openStore(creating: false)
      do throws(StoreError) {
        let collection = try store.collection(ANN.collectionName)
        guard
          case .int(let offset)? = try collection.get(ANN.offsetID)?
            .properties[ANN.offsetProperty]
        else {
          throw StoreError(
            .notFound,
            "The collection \"\(ANN.collectionName)\" in \(path) was not made by an ANN: it has no offset"
          )
        }
        state = State(store: store, collection: collection, offset: offset)
      } catch {
        store.close()
        throw error
      }
    }
  }

  /// Closes the index; ``load()`` and ``index(_:)`` open it again.
  public func close() {
    state.withLock { state in
      state?.store.close()
      state = nil
    }
  }

  private func openStore(creating: Bool) throws(StoreError) -> Store {
    var options = options
    options.createIfMissing = creating
    return try Store.open(at: path, options: options)
  }

  /// Every commit holds its vectors and the next id.
  private static func append(_ vectors: [[Float]], to state: inout State) throws(StoreError) {
    var start = 0
    repeat {
      let end = min(start + batchSize, vectors.count)
      let next = state.offset + Int64(end - start)
      var objects = [
        VectorObject(id: offsetID, vector: nil, properties: [offsetProperty: .int(next)])
      ]
      for row in start..<end {
        let id = state.offset + Int64(row - start)
        objects.append(VectorObject(id: .int(id), vector: vectors[row]))
      }
      try state.collection.upsert(objects)
      state.offset = next
      start = end
    } while start < vectors.count
  }
}
