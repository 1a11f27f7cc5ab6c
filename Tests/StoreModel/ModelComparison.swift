import Seamstone
import TestSupport

/// What a collection and a snapshot of it have in common.
package protocol ComparableCollection {
  func count() throws(StoreError) -> Int
  func get(_ id: ObjectID) throws(StoreError) -> VectorObject?
  func find(
    near vector: VectorValue, limit: Int, ef: Int?, where filter: Filter?, exact: Bool
  ) throws(StoreError) -> [ModelCollection.Hit]
  /// Every object that there is, or at least those with these ids.
  func forEach(_ ids: [ObjectID], _ body: (VectorObject) -> Void) throws(StoreError)
}

extension Collection: ComparableCollection {
  package func find(
    near vector: VectorValue, limit: Int, ef: Int?, where filter: Filter?, exact: Bool
  ) throws(StoreError) -> [ModelCollection.Hit] {
    try search(near: vector, limit: limit, ef: ef, where: filter, exact: exact)
      .map { ModelCollection.Hit(id: $0.id, distance: $0.distance) }
  }

  package func forEach(
    _ ids: [ObjectID], _ body: (VectorObject) -> Void
  ) throws(StoreError) {
    for object in try get(ids) {
      if let object { body(object) }
    }
  }
}

extension CollectionSnapshot: ComparableCollection {
  package func find(
    near vector: VectorValue, limit: Int, ef: Int?, where filter: Filter?, exact: Bool
  ) throws(StoreError) -> [ModelCollection.Hit] {
    try search(near: vector, limit: limit, ef: ef, where: filter, exact: exact)
      .map { ModelCollection.Hit(id: $0.id, distance: $0.distance) }
  }

  package func forEach(
    _ ids: [ObjectID], _ body: (VectorObject) -> Void
  ) throws(StoreError) {
    try forEachObject { object in
      body(object)
      return true
    }
  }
}

/// Compares a collection (or a snapshot of one) with its model; throws `ModelMismatch`.
package struct ModelComparison<Subject: ComparableCollection> {
  let subject: Subject
  let model: ModelCollection

  package init(_ subject: Subject, _ model: ModelCollection) {
    self.subject = subject
    self.model = model
  }

  /// Every object, byte for byte.
  package func checkObjects() throws {
    let count = try subject.count()
    guard count == model.entries.count else {
      throw ModelMismatch("count \(count), the model has \(model.entries.count)")
    }
    var seen = 0
    var problem: String?
    try subject.forEach(Array(model.entries.keys)) { object in
      seen += 1
      guard problem == nil else { return }
      guard let entry = model.entries[object.id] else {
        problem = "\(object.id) should not exist"
        return
      }
      if object.value != entry.vector { problem = "\(object.id) has another vector" }
      if object.properties != entry.properties {
        problem = "\(object.id) has \(object.properties), the model \(entry.properties)"
      }
    }
    if let problem { throw ModelMismatch(problem) }
    guard seen == count else {
      throw ModelMismatch("\(seen) objects listed, the count is \(count)")
    }
  }

  /// One object.
  package func checkObject(_ id: ObjectID) throws {
    let object = try subject.get(id)
    let entry = model.entries[id]
    guard object?.value == entry?.vector, object?.properties == entry?.properties else {
      throw ModelMismatch(
        "get(\(id)) gave \(String(describing: object)), the model has \(String(describing: entry))")
    }
  }

  /// The exact answer, ids, distances and order; returns it.
  @discardableResult
  package func checkExact(_ query: VectorValue, limit: Int) throws -> [ModelCollection.Hit] {
    let hits = try subject.find(near: query, limit: limit, ef: nil, where: nil, exact: true)
    let expected = model.search(query, limit: limit)
    guard hits == expected else {
      throw ModelMismatch("exact search gave \(hits), the model \(expected)")
    }
    return expected
  }

  /// The exact answer among the objects with `n`, by index and by scan: filters never cut an answer
  /// short.
  package func checkFiltered(_ query: VectorValue, limit: Int, n: Int) throws {
    let expected = model.search(query, limit: limit) { $0.properties["n"] == .int(Int64(n)) }
    let filter = StoreFixture.filter(n: n)
    let exact = try subject.find(near: query, limit: limit, ef: nil, where: filter, exact: true)
    guard exact == expected else {
      throw ModelMismatch("exact search where n = \(n) gave \(exact), the model \(expected)")
    }
    let hits = try subject.find(near: query, limit: limit, ef: 200, where: filter, exact: false)
    guard hits.count == expected.count else {
      throw ModelMismatch("search where n = \(n) gave \(hits.count), \(expected.count) match")
    }
    for hit in hits where model.entries[hit.id]?.properties["n"] != .int(Int64(n)) {
      throw ModelMismatch("search where n = \(n) gave \(hit.id), which does not match")
    }
  }

  /// The answers by index with a wide and a narrow beam; returns how good they are.
  package func recall(_ query: VectorValue, limit: Int) throws -> BeamRecall {
    try recall(query, of: model.search(query, limit: limit))
  }

  private func recall(
    _ query: VectorValue, of expected: [ModelCollection.Hit]
  ) throws -> BeamRecall {
    var recall = BeamRecall()
    recall.wide = try self.recall(query, of: expected, ef: BeamRecall.wideBeam)
    recall.narrow = try self.recall(query, of: expected, ef: BeamRecall.narrowBeam)
    return recall
  }

  /// The answer by index: complete, live, in order, with true distances. Returns how many of the
  /// results are as close as the true ones, and how many there should be.
  private func recall(
    _ query: VectorValue, of expected: [ModelCollection.Hit], ef: Int
  ) throws -> Recall {
    let hits = try subject.find(
      near: query, limit: expected.count, ef: ef, where: nil, exact: false)
    guard hits.count == expected.count else {
      throw ModelMismatch("index search gave \(hits.count) of \(expected.count) results")
    }
    let truth = model.distances(of: hits.map(\.id), to: query)
    guard Set(hits.map(\.id)).count == hits.count else {
      throw ModelMismatch("index search gave an object twice: \(hits)")
    }
    for hit in hits where truth[hit.id] != hit.distance {
      throw ModelMismatch(
        "index search gave \(hit), the model has \(String(describing: truth[hit.id]))")
    }
    for (a, b) in zip(hits, hits.dropFirst()) where a.distance > b.distance {
      throw ModelMismatch("index search is out of order: \(hits)")
    }
    let farthest = expected.last?.distance ?? 0
    return Recall(found: hits.filter { $0.distance <= farthest }.count, expected: expected.count)
  }

  /// All of it: objects, and `queries` searches, exact and by index. Returns the recall@10.
  package func checkAll(
    queries: Int, random: inout SeededGenerator, dimensions: Int
  ) throws -> BeamRecall {
    try checkObjects()
    return try checkSearches(queries, random: &random, dimensions: dimensions)
  }

  /// That many searches, exact and by index. Returns the recall@10.
  package func checkSearches(
    _ queries: Int, random: inout SeededGenerator, dimensions: Int
  ) throws -> BeamRecall {
    var total = BeamRecall()
    for _ in 0..<queries {
      let query = VectorMaker.value(
        dimensions, metric: model.metric, elementType: model.elementType, using: &random)
      total += try recall(query, of: try checkExact(query, limit: 10))
    }
    return total
  }
}
