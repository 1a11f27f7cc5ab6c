import StoreModel
import TestSupport

@testable import Seamstone

/// Drives a store and a model of it with the same seeded operations and compares them on the way.
struct ModelRun {
  /// What differs from run to run.
  struct Setting: Sendable, CustomStringConvertible {
    var metric: Metric
    var dimensions: Int
    var isFloat32 = false
    var isFlat = false
    var elementType = ElementType.float32
    var description: String {
      "\(elementType) \(metric) \(dimensions)d\(isFloat32 ? " float32" : "")\(isFlat ? " flat" : "")"
    }
  }

  private let path: FilePath
  private let setting: Setting
  private var random: SeededGenerator
  private var store: Store
  private var models: [String: ModelCollection]
  private var held: [(snapshot: Snapshot, models: [String: ModelCollection])] = []
  private static let names = ["left", "right"]
  /// Objects take their ids from as many.
  private let idRange: Int

  init(path: FilePath, setting: Setting, seed: UInt64, idRange: Int) throws {
    self.idRange = idRange
    self.path = path
    self.setting = setting
    random = SeededGenerator(seed: seed)
    store = try Store.open(at: path, options: StoreFixture.options())
    models = [:]
    for name in Self.names {
      _ = try store.createCollection(name, configuration)
      models[name] = ModelCollection(metric: setting.metric, elementType: setting.elementType)
    }
  }

  private var configuration: CollectionConfiguration {
    StoreFixture.configuration(
      dimensions: setting.dimensions, metric: setting.metric, isFlat: setting.isFlat,
      isFloat32: setting.isFloat32, elementType: setting.elementType)
  }

  /// Runs that many operations; a failure names the operation.
  mutating func run(operations: Int) throws {
    for number in 0..<operations {
      let kind = Int.random(in: 0..<1_000, using: &random)
      do {
        try step(kind)
      } catch {
        throw ModelMismatch("operation \(number) (kind \(kind)): \(error)")
      }
    }
    try finish()
  }

  private mutating func step(_ kind: Int) throws {
    switch kind {
    case ..<380: try upsert(count: Int.random(in: 1...12, using: &random))
    case ..<400: try upsert(count: Int.random(in: 60...150, using: &random))
    case ..<520: try delete()
    case ..<580: try updateProperties()
    case ..<660: try batch()
    case ..<760: try searchExact()
    case ..<850: try searchByIndex()
    case ..<880: try searchFiltered()
    case ..<900: try compareOne()
    case ..<930: try holdOrCompareSnapshot()
    case ..<975: try store.runBackgroundWork(isIdle: kind.isMultiple(of: 2))
    case ..<985: try collection().compact(full: kind.isMultiple(of: 3))
    case ..<990: try refuseBadBatch()
    case ..<996: try reopen()
    default: try compareAll()
    }
  }

  private mutating func finish() throws {
    while !held.isEmpty { try compareHeld() }
    try compareAll()
    try reopen()
    for name in Self.names { try store.collection(name).compact(full: true) }
    try compareAll()
    store.close()
    try recall.require()
  }

  // MARK: - Writing

  private mutating func name() -> String { Self.names.randomElement(using: &random) ?? "left" }
  private mutating func collection() throws -> Collection { try store.collection(name()) }

  private mutating func id() -> ObjectID {
    let number = Int.random(in: 0..<idRange, using: &random)
    return number % 3 == 0 ? .string("object-\(number)") : .int(Int64(number))
  }

  private mutating func properties() -> [String: PropertyValue] {
    [
      "n": .int(Int64.random(in: 0..<12, using: &random)),
      "text": .string(String(repeating: "x", count: Int.random(in: 0..<80, using: &random))),
    ]
  }

  private mutating func object(in model: ModelCollection) -> VectorObject {
    let id = id()
    var vector: VectorValue?
    switch Int.random(in: 0..<20, using: &random) {
    case 0: vector = nil
    case 1, 2: vector = model.entries[id]?.vector
    case 3: vector = model.entries.isEmpty ? nil : model.entries[self.id()]?.vector
    default: vector = query()
    }
    return VectorObject(id: id, value: vector, properties: properties())
  }

  private mutating func upsert(count: Int) throws {
    let name = name()
    guard var model = models[name] else { return }
    let objects = (0..<count).map { _ in object(in: model) }
    try store.collection(name).upsert(objects)
    model.upsert(objects)
    models[name] = model
  }

  private mutating func delete() throws {
    let name = name()
    let ids = (0..<Int.random(in: 1...6, using: &random)).map { _ in id() }
    let deleted = try store.collection(name).delete(ids: ids)
    let expected = models[name]?.delete(ids)
    guard deleted == expected else {
      throw ModelMismatch("delete(\(ids)) found \(deleted), the model \(expected ?? -1)")
    }
  }

  private mutating func updateProperties() throws {
    let name = name()
    let (id, properties) = (id(), properties())
    let exists = models[name]?.updateProperties(of: id, to: properties) ?? false
    do {
      try store.collection(name).updateProperties(of: id, to: properties)
      if !exists { throw ModelMismatch("properties of \(id), which does not exist, were updated") }
    } catch let error as StoreError {
      guard error.code == .notFound, !exists else { throw error }
    }
  }

  private mutating func batch() throws {
    var copies = models
    var steps: [(name: String, objects: [VectorObject], ids: [ObjectID])] = []
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let name = name()
      guard var model = copies[name] else { continue }
      let objects = (0..<Int.random(in: 0...5, using: &random)).map { _ in object(in: model) }
      let ids = (0..<Int.random(in: 0...3, using: &random)).map { _ in id() }
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
  private mutating func refuseBadBatch() throws {
    let model = models["left"] ?? ModelCollection(metric: setting.metric)
    let good = (0..<3).map { _ in object(in: model) }
    do {
      try store.write { batch in
        try batch.upsert(good, into: try store.collection("left"))
        try batch.updateProperties(
          of: "nobody", to: [:], in: try store.collection("right"))
      }
      throw ModelMismatch("a batch that names a missing object was accepted")
    } catch let error as StoreError where error.code == .notFound {}
    for object in good {
      try ModelComparison(try store.collection("left"), model).checkObject(object.id)
    }
  }

  private mutating func reopen() throws {
    while !held.isEmpty { try compareHeld() }
    store.close()
    store = try Store.open(at: path, options: StoreFixture.options())
  }

  // MARK: - Comparing

  private mutating func query() -> VectorValue {
    VectorMaker.value(
      setting.dimensions, metric: setting.metric, elementType: setting.elementType, using: &random)
  }

  private mutating func subject() throws -> ModelComparison<Collection> {
    let name = name()
    return ModelComparison(
      try store.collection(name), models[name] ?? ModelCollection(metric: setting.metric))
  }

  private mutating func searchExact() throws {
    let limit = Int.random(in: 0...25, using: &random)
    try subject().checkExact(query(), limit: limit)
  }

  private(set) var recall = BeamRecall()

  private mutating func searchByIndex() throws {
    recall += try subject().recall(query(), limit: 10)
  }

  private mutating func searchFiltered() throws {
    let n = Int.random(in: 0..<12, using: &random)
    try subject().checkFiltered(query(), limit: 7, n: n)
  }

  private mutating func compareOne() throws { try subject().checkObject(id()) }

  private mutating func holdOrCompareSnapshot() throws {
    if held.count < 3 { held.append((try store.snapshot(), models)) } else { try compareHeld() }
  }

  private mutating func compareHeld() throws {
    let (snapshot, models) = held.removeFirst()
    for name in Self.names {
      guard let model = models[name] else { continue }
      let comparison = ModelComparison(try snapshot.collection(name), model)
      try comparison.checkObjects()
      try comparison.checkExact(query(), limit: 10)
      _ = try comparison.recall(query(), limit: 10)
      try comparison.checkFiltered(query(), limit: 5, n: 3)
    }
    snapshot.close()
  }

  private mutating func compareAll() throws {
    for name in Self.names {
      guard let model = models[name] else { continue }
      var other = SeededGenerator(seed: random.next())
      recall += try ModelComparison(try store.collection(name), model)
        .checkAll(queries: 8, random: &other, dimensions: setting.dimensions)
    }
  }
}
