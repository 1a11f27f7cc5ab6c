import Seamstone
import TestSupport

extension OperationRun {
  private func name(_ random: inout SeededGenerator) -> String {
    Self.names.randomElement(using: &random) ?? "left"
  }

  func collection(_ random: inout SeededGenerator) throws -> Collection {
    try store.collection(name(&random))
  }

  func id(_ random: inout SeededGenerator) -> ObjectID {
    let number = Int.random(in: 0..<idRange, using: &random)
    return number % 3 == 0 ? .string("object-\(number)") : .int(Int64(number))
  }

  private func properties(_ random: inout SeededGenerator) -> [String: PropertyValue] {
    [
      "n": .int(Int64.random(in: 0..<12, using: &random)),
      "text": .string(String(repeating: "x", count: Int.random(in: 0..<80, using: &random))),
    ]
  }

  private func object(in model: ModelCollection, _ random: inout SeededGenerator) -> VectorObject {
    let id = id(&random)
    var vector: VectorValue?
    switch Int.random(in: 0..<20, using: &random) {
    case 0: vector = nil
    case 1, 2: vector = model.entries[id]?.vector
    case 3: vector = model.entries[self.id(&random)]?.vector
    default: vector = query(&random)
    }
    return VectorObject(id: id, value: vector, properties: properties(&random))
  }

  mutating func upsert(_ count: Int, _ random: inout SeededGenerator) throws {
    let name = name(&random)
    guard var model = models[name] else { return }
    let objects = (0..<count).map { _ in object(in: model, &random) }
    try store.collection(name).upsert(objects)
    model.upsert(objects)
    models[name] = model
  }

  mutating func delete(_ random: inout SeededGenerator) throws {
    let name = name(&random)
    let ids = (0..<Int.random(in: 1...6, using: &random)).map { _ in id(&random) }
    let deleted = try store.collection(name).delete(ids: ids)
    let expected = models[name]?.delete(ids)
    guard deleted == expected else {
      throw ModelMismatch("delete(\(ids)) found \(deleted), the model \(expected ?? -1)")
    }
  }

  mutating func updateProperties(_ random: inout SeededGenerator) throws {
    let name = name(&random)
    let (id, properties) = (id(&random), properties(&random))
    let exists = models[name]?.updateProperties(of: id, to: properties) ?? false
    do {
      try store.collection(name).updateProperties(of: id, to: properties)
      if !exists { throw ModelMismatch("properties of \(id), which does not exist, were updated") }
    } catch let error as StoreError {
      guard error.code == .notFound, !exists else { throw error }
    }
  }

  mutating func batch(_ random: inout SeededGenerator) throws {
    var copies = models
    var steps: [(name: String, objects: [VectorObject], ids: [ObjectID])] = []
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let name = name(&random)
      guard var model = copies[name] else { continue }
      let objects = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        object(in: model, &random)
      }
      let ids = (0..<Int.random(in: 0...3, using: &random)).map { _ in id(&random) }
      model.upsert(objects)
      model.delete(ids)
      copies[name] = model
      steps.append((name, objects, ids))
    }
    try store.write { batch in
      for step in steps {
        let collection = try store.collection(step.name)
        try batch.upsert(step.objects, into: collection)
        try batch.delete(ids: step.ids, from: collection)
      }
    }
    models = copies
  }

  /// A batch with one bad part changes nothing at all.
  func refuseBadBatch(_ random: inout SeededGenerator) throws {
    let model = models["left"] ?? options.emptyModel
    let good = (0..<3).map { _ in object(in: model, &random) }
    do {
      try store.write { batch in
        try batch.upsert(good, into: try store.collection("left"))
        try batch.updateProperties(of: "nobody", to: [:], in: try store.collection("right"))
      }
      throw ModelMismatch("a batch that names a missing object was accepted")
    } catch let error as StoreError where error.code == .notFound {}
    for object in good {
      try ModelComparison(try store.collection("left"), model).checkObject(object.id)
    }
  }
}

extension OperationRun {
  func query(_ random: inout SeededGenerator) -> VectorValue {
    VectorMaker.value(
      options.dimensions, metric: options.metric, elementType: options.elementType, using: &random)
  }

  func subject(_ random: inout SeededGenerator) throws -> ModelComparison<Collection> {
    let name = name(&random)
    return ModelComparison(try store.collection(name), models[name] ?? options.emptyModel)
  }

  mutating func compareHeld(_ random: inout SeededGenerator) throws {
    let (snapshot, models) = held.removeFirst()
    defer { snapshot.close() }
    for name in Self.names {
      guard let model = models[name] else { continue }
      let comparison = ModelComparison(try snapshot.collection(name), model)
      try comparison.checkObjects()
      try comparison.checkExact(query(&random), limit: 10)
      _ = try comparison.recall(query(&random), limit: 10)
      try comparison.checkFiltered(query(&random), limit: 5, n: 3)
    }
  }

  mutating func compareAll(_ random: inout SeededGenerator) throws {
    for name in Self.names {
      guard let model = models[name] else { continue }
      var other = SeededGenerator(seed: random.next())
      recall += try ModelComparison(try store.collection(name), model)
        .checkAll(queries: 8, random: &other, dimensions: options.dimensions)
    }
  }
}
