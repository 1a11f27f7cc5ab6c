import StoreModel
import TestSupport

@testable import Seamstone

/// A store with a random history: kinds, encodings, metrics, upserts, deletes, snapshots, compaction, conversion,
/// property indexes, reopening.
struct RandomStore {
  let path: FilePath
  private(set) var store: Store
  private var random: SeededGenerator
  private var names: [String] = []
  private var held: [Snapshot] = []
  private var dimensions: [String: Int] = [:]

  private var options: StoreOptions

  init(path: FilePath, seed: UInt64) throws {
    self.path = path
    random = SeededGenerator(seed: seed)
    options = StoreFixture.options(
      sealRows: Int.random(in: 16...64, using: &random),
      graphRows: Int.random(in: 40...150, using: &random))
    store = try Store.open(at: path, options: options)
    for number in 0..<Int.random(in: 1...3, using: &random) { try addCollection("c\(number)") }
    for _ in 0..<Int.random(in: 8...32, using: &random) { try step() }
    // Forests are built once, and take no changes then.
    for name in names where Bool.random(using: &random) { try store.collection(name).build() }
    for snapshot in held { snapshot.close() }
    held = []
  }

  private mutating func configuration(_ dimensions: Int) -> CollectionConfiguration {
    if dimensions % 8 == 0, Int.random(in: 0..<3, using: &random) == 0 {
      return CollectionConfiguration(
        dimensions: dimensions, index: bitsIndex(), elementType: .bits)
    }
    while true {
      let metric = Metric.allCases.randomElement(using: &random) ?? .cosine
      let configuration = CollectionConfiguration(
        dimensions: dimensions, metric: metric,
        index: index(), encoding: encoding(dimensions))
      if configuration.problems.isEmpty { return configuration }
    }
  }

  private mutating func index() -> IndexConfiguration {
    let all: [IndexConfiguration] = [
      .flat, .hnsw(m: 6, efConstruction: 40), .hnsw(m: 8, efConstruction: 50),
      .ivf(lists: 3, probes: 2), .annoy(trees: 4),
    ]
    return all.randomElement(using: &random) ?? .flat
  }

  private mutating func bitsIndex() -> IndexConfiguration {
    let all: [IndexConfiguration] = [
      .flat, .hnsw(m: 6), .hash(bits: 4), .hash(bits: 3, tables: 2), .ivf(lists: 3, probes: 3),
    ]
    return all.randomElement(using: &random) ?? .flat
  }

  private mutating func encoding(_ dimensions: Int) -> VectorEncoding {
    let all: [VectorEncoding] = [
      .float32, .float16, .int8(), .int4(), .binary(), .rabitq(), .rabitq(bits: 1),
      .pq(subvectors: dimensions, centroids: 16), .int8(rescoreLimit: 0),
    ]
    return all.randomElement(using: &random) ?? .float32
  }

  private mutating func addCollection(_ name: String) throws {
    let count = [3, 8, 17, 32].randomElement(using: &random) ?? 8
    _ = try store.createCollection(name, configuration(count))
    dimensions[name] = count
    names.append(name)
  }

  private mutating func step() throws {
    guard let name = names.randomElement(using: &random) else { return }
    let collection = try store.collection(name)
    switch Int.random(in: 0..<15, using: &random) {
    case 0...5: try upsert(collection)
    case 6, 7:
      try collection.delete(ids: (0..<Int.random(in: 1...30, using: &random)).map { _ in id() })
    case 8, 9: try store.runBackgroundWork(isIdle: Bool.random(using: &random))
    case 10: try collection.compact(full: Bool.random(using: &random))
    case 11: try convert(collection)
    case 12:
      let path: PropertyPath = "n"
      if try collection.propertyIndexes.isEmpty {
        try collection.createPropertyIndex(path)
      } else if Bool.random(using: &random) {
        try collection.dropPropertyIndex(path)
      }
    case 13: held.append(try store.snapshot())
    default:
      for snapshot in held { snapshot.close() }
      held = []
      store.close()
      store = try Store.open(at: path, options: options)
    }
  }

  private mutating func id() -> ObjectID {
    let number = Int.random(in: 0..<400, using: &random)
    return switch number % 3 {
    case 0: .string("object-\(number)")
    case 1: .uuid(high: UInt64(number), low: 7)
    default: .int(Int64(number))
    }
  }

  private mutating func upsert(_ collection: Collection) throws {
    let count = dimensions[collection.name] ?? 8
    let configuration = try collection.configuration()
    let (metric, elementType) = (configuration.metric, configuration.elementType)
    try collection.upsert(
      (0..<Int.random(in: 1...80, using: &random)).map { _ in
        let hasVector = Int.random(in: 0..<15, using: &random) > 0
        let text = String(repeating: "x", count: Int.random(in: 0..<90, using: &random))
        // Some are larger than a page.
        let isLarge = Int.random(in: 0..<60, using: &random) == 0
        let noise =
          isLarge ? (0..<9_000).map { _ in UInt8.random(in: 65...90, using: &random) } : []
        return VectorObject(
          id: id(),
          value: hasVector
            ? VectorMaker.value(count, metric: metric, elementType: elementType, using: &random)
            : nil,
          properties: [
            "n": .int(Int64.random(in: 0..<9, using: &random)), "text": .string(text),
            "noise": .string(String(decoding: noise, as: UTF8.self)),
          ])
      })
  }

  private mutating func convert(_ collection: Collection) throws {
    let wanted = encoding(dimensions[collection.name] ?? 8)
    let index = index()
    let refusal = Self.refusal { () throws(StoreError) in
      try collection.reconfigure(index: index, encoding: wanted)
    }
    // Too few vectors to train on, say.
    if let refusal, refusal.code != .invalidConfiguration { throw refusal }
  }

  private static func refusal(_ body: () throws(StoreError) -> Void) -> StoreError? {
    do throws(StoreError) {
      try body()
      return nil
    } catch {
      return error
    }
  }
}
