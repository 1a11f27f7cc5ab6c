import ObjectStorage
public import StorageIO
import SystemPackage
import VectorMath

extension ANN {
  /// The object that keeps the next id; it has no vector, so no search finds it.
  private static let offsetID = ObjectID.string("offset")
  private static let offsetProperty = "offset"
  /// Vectors of one commit.
  private static let batchSize = 4_096

  /// Makes the index anew of these vectors, with the ids 0, 1, 2, …; what was there before is gone. Where the
  /// configuration has a `quantize` of 1 to 8, they are packed into as many bits for each component. With the backend
  /// annoy the index is finished then: ``append(_:)`` and ``delete(_:)`` throw `readOnly`, as txtai's do.
  /// - Throws: `dimensionMismatch` and the like; a vector that is refused leaves those before it.
  public func index(_ vectors: [[Float]]) throws(StoreError) {
    let plan = configuration.plan(count: vectors.count, dimensions: vectors.first?.count)
    let packed = configuration.packed
    try index(vectors.map { ANN.value($0, packed: packed) }, plan.configuration())
  }

  /// As ``index(_:)``, of rows that are packed into bits already.
  /// - Throws: `invalidArgument` where the configuration does not pack vectors.
  public func index(packed rows: [[UInt8]]) throws(StoreError) {
    guard configuration.packed != nil else {
      throw StoreError(
        .invalidArgument, "Rows of packed bits for a configuration of numbers",
        remedy: "Set quantize to 1 to 8 bits, or give numbers")
    }
    var wanted = try configuration.plan(count: rows.count).configuration()
    wanted.dimensions = wanted.dimensions ?? rows.first.map { $0.count * 8 }
    try index(rows.map { .bits($0) }, wanted)
  }

  private func index(
    _ vectors: [VectorValue], _ wanted: CollectionConfiguration
  ) throws(StoreError) {
    try state.withLock { (state: inout State?) throws(StoreError) in
      let store: Store
      if let open = state { store = open.store } else { store = try openStore(creating: true) }
      state = nil
      do throws(StoreError) {
        if try store.collectionNames().contains(ANN.collectionName) {
          try store.dropCollection(ANN.collectionName)
        }
        let collection = try store.createCollection(ANN.collectionName, wanted)
        var made = State(
          store: store, collection: collection, offset: 0, packed: configuration.packed)
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
    try withState { (state) throws(StoreError) in
      let packed = state.packed
      try ANN.append(vectors.map { ANN.value($0, packed: packed) }, to: &state)
    }
  }

  /// As ``append(_:)``, rows that are packed into bits already.
  public func append(packed rows: [[UInt8]]) throws(StoreError) {
    try withState { (state) throws(StoreError) in
      try ANN.append(rows.map { .bits($0) }, to: &state)
    }
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
        state = State(
          store: store, collection: collection, offset: offset, packed: configuration.packed)
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
  private static func append(
    _ vectors: [VectorValue], to state: inout State
  ) throws(StoreError) {
    var start = 0
    repeat {
      let end = min(start + batchSize, vectors.count)
      let next = state.offset + Int64(end - start)
      var objects = [
        VectorObject(id: offsetID, value: nil, properties: [offsetProperty: .int(next)])
      ]
      for row in start..<end {
        let id = state.offset + Int64(row - start)
        objects.append(VectorObject(id: .int(id), value: vectors[row]))
      }
      try state.collection.upsert(objects)
      state.offset = next
      start = end
    } while start < vectors.count
  }
}
