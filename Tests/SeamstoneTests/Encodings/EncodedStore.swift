import StorageIO
import StoreModel
import TestSupport
import Testing

@testable import Seamstone

/// A store of clustered vectors, small enough for tests and large enough for codebooks.
final class EncodedStore {
  static let dimensions = 32
  let directory: TemporaryDirectory
  private(set) var store: Store
  private(set) var collection: Collection
  private(set) var vectors: [Int: [Float]] = [:]
  private let centers: [[Float]]
  private let metric: Metric
  private let options: StoreOptions
  private let fileSystem: any FileSystem
  var random: SeededGenerator

  /// Segments of 1,200 vectors and more, graphs from 2,000 on.
  static func options(manual: Bool = true) -> StoreOptions {
    var options = StoreFixture.options(manual: manual, sealRows: 1_200, graphRows: 2_000)
    options.compaction.idleFlatRows = 1_000
    return options
  }

  init(
    _ encoding: VectorEncoding? = nil, metric: Metric = .l2Squared,
    index: IndexConfiguration = .hnsw(m: 8, efConstruction: 60),
    transform: VectorTransform = .none, seed: UInt64 = 1,
    options: StoreOptions = EncodedStore.options(), fileSystem: any FileSystem = PosixFileSystem()
  ) throws {
    directory = try TemporaryDirectory()
    var random = SeededGenerator(seed: seed)
    centers = (0..<20).map { _ in (0..<Self.dimensions).map { _ in random.gaussian() } }
    self.random = random
    self.metric = metric
    self.options = options
    self.fileSystem = fileSystem
    store = try Store.open(
      at: FilePath(directory.path + "/store.seam"), options: options, fileSystem: fileSystem)
    collection = try store.collection(
      "things",
      .init(
        dimensions: Self.dimensions, metric: metric, index: index, encoding: encoding,
        transform: transform))
  }

  deinit { store.close() }

  func reopen(options: StoreOptions? = nil) throws {
    store.close()
    store = try Store.open(
      at: FilePath(directory.path + "/store.seam"), options: options ?? self.options,
      fileSystem: fileSystem)
    collection = try store.collection("things")
  }

  func vector() -> [Float] {
    let center = centers[Int.random(in: 0..<centers.count, using: &random)]
    return center.map { $0 + 0.5 * random.gaussian() }
  }

  func write(_ ids: Range<Int>) throws {
    let objects = ids.map { id in
      VectorObject(
        id: .int(Int64(id)), vector: vector(), properties: ["n": .int(Int64(id % 5))])
    }
    try collection.upsert(objects)
    for object in objects {
      if case .int(let id) = object.id { vectors[Int(id)] = object.vector }
    }
  }

  func delete(_ ids: some Sequence<Int>) throws {
    try collection.delete(ids: ids.map { .int(Int64($0)) })
    for id in ids { vectors[id] = nil }
  }

  /// Searches near some of the vectors there are: complete, live, in order, with distances as exact search
  /// gives them. Returns the recall.
  func recall(_ queries: Int = 20, isExact: Bool = true) throws -> Double {
    var found = 0
    for _ in 0..<queries {
      let query = vector()
      let exact = try collection.search(near: query, limit: 400, exact: true)
      let distances = Dictionary(uniqueKeysWithValues: exact.map { ($0.id, $0.distance) })
      let hits = try collection.search(near: query, limit: 10)
      #expect(hits.count == 10)
      for hit in hits {
        guard case .int(let id) = hit.id, vectors[Int(id)] != nil else {
          Issue.record("\(hit.id) does not exist")
          continue
        }
        if isExact, let distance = distances[hit.id] { #expect(distance == hit.distance) }
      }
      #expect(zip(hits, hits.dropFirst()).allSatisfy { $0.distance <= $1.distance })
      let last = exact[9].distance
      found += hits.filter { (distances[$0.id] ?? .infinity) <= last }.count
    }
    return Double(found) / Double(queries * 10)
  }

  func statistics() throws -> CollectionStatistics {
    try #require(try store.statistics().collections.first { $0.name == "things" })
  }

  /// The encodings of the segments, each once.
  func encodings() throws -> Set<String> {
    Set(try statistics().segments.map(\.encoding))
  }

  var state: CollectionState? {
    store.core.states.current.collections.values.first { $0.name == "things" }
  }
}
