import ObjectStorage
import StorageIO
import VectorMath

extension WriteContext {
  /// Inserts or replaces objects. A new or changed vector gives the object a new DocID; an object
  /// whose vector stays the same keeps its DocID, and only its properties are stored anew.
  @discardableResult
  func upsert(_ objects: [PreparedObject], into number: UInt32) throws(StoreError) -> Int {
    try write(number) { (collection) throws(StoreError) in
      let before = collection.counters.objectCount
      try fixDimensions(&collection, by: objects)
      let chunks = TailChunkMaker(collection: collection, batch: objects)
      var scratch: [UInt8] = []
      for (position, object) in objects.enumerated() {
        try upsert(object, into: &collection, scratch: &scratch) {
          chunks.makeChunk(from: position, after: $0)
        }
      }
      return Int(collection.counters.objectCount - before)
    }
  }

  /// Replaces the properties of existing objects; vectors and DocIDs stay.
  func updateProperties(_ objects: [PreparedObject], in number: UInt32) throws(StoreError) {
    try write(number) { (collection) throws(StoreError) in
      for object in objects {
        let tables = collection.tables
        guard let docID = try tables.ids.docID(for: object.id, in: transaction),
          let old = try tables.objects.get(docID, in: transaction)
        else {
          throw StoreError(
            .notFound, "There is no object \(object.id) in \"\(collection.name)\"",
            remedy: "Use upsert to create it")
        }
        try tables.objects.put(
          object.record.with(flags: old.flags), docID: docID, in: transaction)
        try index(docID, from: old, to: object, in: &collection)
      }
    }
  }

  /// Deletes the objects that exist (and match now, whatever they did when they were chosen); answers
  /// how many did.
  func delete(
    _ ids: [ObjectID], from number: UInt32, where filter: Filter? = nil
  ) throws(StoreError) -> Int {
    try write(number) { (collection) throws(StoreError) in
      var count = 0
      for id in ids {
        let ids = collection.tables.ids
        guard let docID = try ids.docID(for: id, in: transaction) else { continue }
        if let filter {
          let object = try collection.tables.objects.get(docID, in: transaction)
          guard let object, filter.matches(object.properties, id: id) else { continue }
        }
        try removeVersion(docID, from: &collection)
        try ids.remove(id, in: transaction)
        collection.counters.objectCount -= 1
        count += 1
      }
      return count
    }
  }

  // MARK: - One object

  private func upsert(
    _ object: PreparedObject, into collection: inout CollectionState, scratch: inout [UInt8],
    newChunk: (TailView.Part?) -> TailChunk
  ) throws(StoreError) {
    let tables = collection.tables
    if let old = try tables.ids.docID(for: object.id, in: transaction) {
      let isSame = try toleratingDamage { () throws(StoreError) in
        try hasSameVector(object, as: old, in: collection, scratch: &scratch)
      }
      if isSame == true {
        try replaceProperties(of: old, by: object, in: &collection)
        return
      }
      try removeVersion(old, from: &collection)
    } else {
      collection.counters.objectCount += 1
    }
    let docID = collection.counters.nextDocID
    collection.counters.nextDocID += 1
    try tables.ids.put(object.id, docID: docID, in: transaction)
    try tables.objects.put(object.record, docID: docID, append: true, in: transaction)
    try index(docID, from: nil, to: object, in: &collection)
    if let vector = object.vector, let originals = collection.vectors {
      try put(vector, docID, in: originals)
      collection.counters.vectorCount += 1
      collection.tail.append(vector, docID: docID, newChunk: newChunk)
    }
  }

  private func replaceProperties(
    of docID: UInt64, by object: PreparedObject, in collection: inout CollectionState
  ) throws(StoreError) {
    let objects = collection.tables.objects
    if !collection.propertyIndexes.entries.isEmpty {
      let stored = try objects.get(docID, in: transaction)
      try index(docID, from: stored, to: object, in: &collection)
    }
    try objects.put(object.record, docID: docID, in: transaction)
  }

  private func hasSameVector(
    _ object: PreparedObject, as docID: UInt64, in collection: CollectionState,
    scratch: inout [UInt8]
  ) throws(StoreError) -> Bool {
    guard let stored = try collection.tables.objects.get(docID, in: transaction) else {
      return false
    }
    guard let vector = object.vector else { return !stored.hasVector }
    guard stored.hasVector, let originals = collection.vectors else { return false }
    if scratch.count != vector.byteCount {
      scratch = [UInt8](repeating: 0, count: vector.byteCount)
    }
    guard try unsafe originals.read(docID, in: transaction, into: &scratch) else { return false }
    return unsafe scratch.withUnsafeBytes { stored in
      unsafe stored.baseAddress.map { unsafe vector.hasSameBytes(as: $0) } ?? false
    }
  }

  private func put(
    _ vector: VectorValue, _ docID: UInt64, in originals: VectorTable
  ) throws(StoreError) {
    switch vector {
    case .floats(let components):
      try unsafe originals.put(components, docID: docID, in: transaction)
    case .bits(let bytes): try unsafe originals.put(bytes, docID: docID, in: transaction)
    }
  }

  /// Removes a version of an object: its record and original at once, its row in a segment or in
  /// the tail by a delete record.
  private func removeVersion(
    _ docID: UInt64, from collection: inout CollectionState
  ) throws(StoreError) {
    let tables = collection.tables
    if !collection.propertyIndexes.entries.isEmpty {
      // The entries of a damaged record stay, and name a version that is gone.
      let stored = try toleratingDamage { () throws(StoreError) in
        try tables.objects.get(docID, in: transaction)
      }
      try index(docID, from: stored ?? nil, to: nil, in: &collection)
    }
    try tables.objects.remove(docID, in: transaction)
    guard let originals = collection.vectors, try originals.remove(docID, in: transaction) else {
      return
    }
    collection.counters.vectorCount -= 1
    try tables.deleted.put(docID, commitNumber: transaction.transactionID, in: transaction)
    if docID > collection.manifest.watermark {
      _ = collection.tail.delete(docID)
    } else if let index = collection.segmentIndex(covering: docID) {
      collection.markDeleted(docID, inSegmentAt: index)
    }
  }

  /// Deleting a damaged record, or writing its object again, is how one gets rid of it: what cannot be read of it
  /// is nil.
  private func toleratingDamage<Value>(
    _ body: () throws(StoreError) -> Value
  ) throws(StoreError) -> Value? {
    do throws(StoreError) {
      return try body()
    } catch {
      guard error.code == .corruption else { throw error }
      return nil
    }
  }

  /// The first vector of a collection without declared dimensions declares them.
  private func fixDimensions(
    _ collection: inout CollectionState, by objects: [PreparedObject]
  ) throws(StoreError) {
    if collection.configuration.dimensions == nil,
      let first = objects.first(where: { $0.vector != nil })?.vector
    {
      collection.fixDimensions(first.dimensions)
      if let problem = collection.weaviateClass?.index.problem(dimensions: first.dimensions) {
        throw StoreError(
          .dimensionMismatch, problem, remedy: "Nothing was stored; change the class or the vectors"
        )
      }
      try collection.configuration.requireSuits(collection: collection.name)
      try storeDefinition(of: collection)
    }
    guard let expected = collection.configuration.dimensions else { return }
    for object in objects {
      guard let vector = object.vector, vector.dimensions != expected else { continue }
      throw StoreError.wrongDimensions(
        vector.dimensions, expected: expected, collection: collection.name,
        what: "The vector of object \(object.id)")
    }
  }
}
