import ObjectStorage
import StorageIO
import VectorMath

/// Everything that can be read from one version of a collection; the one implementation behind
/// `Collection` and `CollectionSnapshot`.
struct CollectionReader {
  let state: CollectionState
  let transaction: ReadTransaction
  let contexts: SearchContextPool

  /// What a search fetches of each object it found.
  enum Content: Sendable { case properties, everything }

  var count: Int { Int(state.counters.objectCount) }

  func get(_ id: ObjectID) throws(StoreError) -> VectorObject? {
    guard let docID = try state.tables.ids.docID(for: id, in: transaction) else { return nil }
    guard let object = try state.tables.objects.get(docID, in: transaction) else {
      throw StoreError(
        .corruption, "Object \(id) is listed but its record is gone",
        at: .init(path: "data.mdb", section: "objects of \(state.name)"),
        remedy: "Upsert the object again")
    }
    return try makeObject(docID, object, includingVector: true)
  }

  /// The original vector of `id`; nil if the object or its vector does not exist.
  func vector(of id: ObjectID) throws(StoreError) -> VectorValue? {
    guard let docID = try state.tables.ids.docID(for: id, in: transaction) else { return nil }
    return try vector(docID)
  }

  /// A damaged segment that no scrub has found yet may name objects that do not exist. Segments are
  /// derived data, so that never fails a search: the originals then answer it.
  func search(
    _ request: SearchRequest, including content: Content
  ) throws(StoreError) -> [SearchHit<VectorObject>] {
    try answer(request) { (hits) throws(StoreError) in try fetch(hits, including: content) }
  }

  /// As `search`, for ids and distances alone: nothing else is read.
  func searchIDs(_ request: SearchRequest) throws(StoreError) -> [IDHit] {
    try answer(request) { (hits) throws(StoreError) in
      var results: [IDHit] = []
      results.reserveCapacity(hits.count)
      for hit in hits {
        let id = try objectID(of: hit.docID, trustingSegments: !request.isExact)
        results.append(IDHit(id: id, distance: hit.distance))
      }
      return results
    }
  }

  /// The id of a live object. An exact search is answered by what LMDB says, and nothing else.
  private func objectID(
    of docID: UInt64, trustingSegments: Bool
  ) throws(StoreError) -> ObjectID {
    if trustingSegments, let place = state.segmentIndex(covering: docID),
      let id = state.segments[place].handle?.objectID(of: docID)
    {
      return id
    }
    return try present(state.tables.objects.objectID(of: docID, in: transaction), docID)
  }

  /// As `search`, near the vector of an existing object, which is left out.
  func search(
    nearID id: ObjectID, _ request: SearchRequest, including content: Content
  ) throws(StoreError) -> [SearchHit<VectorObject>] {
    guard request.limit >= 0 else { throw StoreError.negativeLimit(request.limit) }
    var wider = request
    wider.vector = try requireVector(of: id)
    if wider.limit < .max { wider.limit += 1 }
    let hits = try search(wider, including: content)
    return Array(hits.filter { $0.id != id }.prefix(request.limit))
  }

  /// The original vector of `id`; throws `notFound`.
  func requireVector(of id: ObjectID) throws(StoreError) -> VectorValue {
    if let vector = try vector(of: id) { return vector }
    throw StoreError(
      .notFound, "There is no object \(id) with a vector in \"\(state.name)\"",
      remedy: "Search near a vector, or near an object that has one")
  }

  private func answer<Results>(
    _ request: SearchRequest, fetching: ([Hit]) throws(StoreError) -> Results
  ) throws(StoreError) -> Results {
    do throws(StoreError) {
      return try fetching(try hits(request))
    } catch {
      let hasTriedAll = request.isExact && request.ignoresPropertyIndexes
      guard error.code == .corruption, !hasTriedAll else { throw error }
      var exact = request
      exact.isExact = true
      exact.ignoresPropertyIndexes = true
      return try fetching(try hits(exact))
    }
  }

  func hits(_ request: SearchRequest) throws(StoreError) -> [Hit] {
    guard request.limit >= 0 else { throw StoreError.negativeLimit(request.limit) }
    if state.weaviateClass?.isSkipped == true {
      throw StoreError(
        .notSupported,
        "cannot vector-search on a class not vector-indexed: \"\(state.name)\" has skip: true",
        remedy: "Delete the class and create it without skip")
    }
    if let ef = request.ef, ef < 1 {
      throw StoreError(
        .invalidArgument, "ef is \(ef)", remedy: "Give 1 or more, or nil for the default")
    }
    try VectorValidation.check(
      request.vector, elementType: state.configuration.elementType,
      dimensions: state.configuration.dimensions, collection: state.name, what: "The query")
    // Nobody gets more than there is, so no arithmetic on these numbers overflows further down.
    var request = request
    request.limit = min(request.limit, state.liveVectorCount)
    request.ef = request.ef.map { min($0, max(state.liveVectorCount, 1)) }
    return try contexts.withContext { (context) throws(StoreError) in
      try CollectionSearch(
        state: state, transaction: transaction, context: context, request: request
      ).run()
    }
  }

  func forEachObject(_ body: (VectorObject) throws(StoreError) -> Bool) throws(StoreError) {
    try state.tables.objects.forEach(in: transaction) { (docID, object) throws(StoreError) in
      try body(try makeObject(docID, object, includingVector: true))
    }
  }

  func objects(
    after cursor: UInt64?, limit: Int
  ) throws(StoreError) -> (objects: [VectorObject], next: UInt64?) {
    var page: [VectorObject] = []
    var last: UInt64?
    guard limit > 0 else { return ([], cursor) }
    guard cursor != .max else { return ([], nil) }
    try state.tables.objects.forEach(
      docIDs: ((cursor ?? 0) + 1)...UInt64.max, in: transaction
    ) { (docID, object) throws(StoreError) in
      page.append(try makeObject(docID, object, includingVector: true))
      last = docID
      return page.count < limit
    }
    return (page, page.count == limit ? last : nil)
  }

  /// The ids of the objects whose properties match.
  func ids(matching filter: Filter) throws(StoreError) -> [ObjectID] {
    if state.propertyIndexes.entries.contains(where: { $0.isComplete }) {
      do throws(StoreError) {
        return try indexedIDs(matching: filter)
      } catch {
        // A damaged index; the objects say it, too.
        guard error.code == .corruption else { throw error }
      }
    }
    var ids: [ObjectID] = []
    try state.tables.objects.forEach(in: transaction) { _, object in
      if filter.matches(object.properties, id: object.id) { ids.append(object.id) }
      return true
    }
    return ids
  }

  private func indexedIDs(matching filter: Filter) throws(StoreError) -> [ObjectID] {
    let matching = try FilterResolver(state: state, transaction: transaction).matching(filter)
    let objects = state.tables.objects
    var ids: [ObjectID] = []
    if matching.isComplement {
      try objects.forEach(in: transaction) { docID, object in
        if matching.contains(docID) { ids.append(object.id) }
        return true
      }
    } else {
      try matching.forEachListed { (docID) throws(StoreError) in
        if let id = try objects.objectID(of: docID, in: transaction) { ids.append(id) }
        return true
      }
    }
    return ids
  }

  // MARK: - Objects

  private func fetch(
    _ hits: [Hit], including content: Content
  ) throws(StoreError) -> [SearchHit<VectorObject>] {
    var results: [SearchHit<VectorObject>] = []
    results.reserveCapacity(hits.count)
    for hit in hits {
      let stored = try present(
        try state.tables.objects.get(hit.docID, in: transaction), hit.docID)
      let object = try makeObject(
        hit.docID, stored, includingVector: content == .everything)
      results.append(SearchHit(id: object.id, distance: hit.distance, object: object))
    }
    return results
  }

  private func present<Value>(_ value: Value?, _ docID: UInt64) throws(StoreError) -> Value {
    guard let value else {
      throw StoreError(
        .corruption, "The object of version \(docID) is gone",
        at: .init(path: "data.mdb", section: "objects of \(state.name)"))
    }
    return value
  }

  private func makeObject(
    _ docID: UInt64, _ stored: StoredObject, includingVector: Bool
  ) throws(StoreError) -> VectorObject {
    let vector = includingVector && stored.hasVector ? try vector(docID) : nil
    return VectorObject(id: stored.id, value: vector, properties: stored.properties)
  }

  private func vector(_ docID: UInt64) throws(StoreError) -> VectorValue? {
    guard let vectors = state.vectors, let dimensions = state.configuration.dimensions else {
      return nil
    }
    switch state.configuration.elementType {
    case .float32:
      var result = [Float](repeating: 0, count: dimensions)
      return try unsafe vectors.read(docID, in: transaction, into: &result) ? .floats(result) : nil
    case .bits:
      var result = [UInt8](repeating: 0, count: vectors.byteCount)
      return try unsafe vectors.read(docID, in: transaction, into: &result) ? .bits(result) : nil
    }
  }
}
