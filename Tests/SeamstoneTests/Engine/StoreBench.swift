import StorageIO
import StoreModel
import TestSupport

@testable import Seamstone

/// A store in a directory of its own with one collection, its model, and shorthands for tests.
final class StoreBench {
  let directory: TemporaryDirectory
  let dimensions: Int
  let metric: Metric
  let elementType: ElementType
  /// What the store was made with.
  let options: StoreOptions
  private(set) var store: Store
  private(set) var collection: Collection
  var model: ModelCollection
  var random: SeededGenerator

  init(
    dimensions: Int = 8, metric: Metric = .l2Squared, elementType: ElementType = .float32,
    isFlat: Bool = false, seed: UInt64 = 1,
    options: StoreOptions = StoreFixture.options(), fileSystem: any FileSystem = PosixFileSystem()
  ) throws {
    directory = try TemporaryDirectory()
    self.dimensions = dimensions
    self.metric = metric
    self.elementType = elementType
    self.options = options
    random = SeededGenerator(seed: seed)
    model = ModelCollection(metric: metric, elementType: elementType)
    store = try Store.open(
      at: FilePath(directory.path + "/store.seam"), options: options, fileSystem: fileSystem)
    collection = try store.collection(
      "things",
      StoreFixture.configuration(
        dimensions: dimensions, metric: metric, isFlat: isFlat, elementType: elementType))
  }

  deinit { store.close() }

  var path: FilePath { FilePath(directory.path + "/store.seam") }
  var segmentDirectory: String { StorePaths(path.string).segments }
  var state: CollectionState? {
    store.core.states.current.collections.values.first { $0.name == "things" }
  }

  /// The segment with the most rows.
  var largestSegment: SegmentView? { state?.segments.max { $0.entry.rowCount < $1.entry.rowCount } }

  func vector() -> [Float] { VectorMaker.vector(dimensions, metric: metric, using: &random) }

  func value() -> VectorValue {
    VectorMaker.value(dimensions, metric: metric, elementType: elementType, using: &random)
  }

  func object(_ id: Int) -> VectorObject {
    VectorObject(id: .int(Int64(id)), value: value(), properties: ["n": .int(Int64(id % 7))])
  }

  /// Writes objects with these ids to store and model.
  func upsert(_ ids: Range<Int>) throws {
    let objects = ids.map { object($0) }
    try collection.upsert(objects)
    model.upsert(objects)
  }

  func delete(_ ids: some Sequence<Int>) throws {
    let ids = ids.map { ObjectID.int(Int64($0)) }
    try collection.delete(ids: ids)
    model.delete(ids)
  }

  /// Several segments, some of them graphs, some rows deleted.
  func fill(_ count: Int = 500, step: Int = 50) throws {
    for start in stride(from: 0, to: count, by: step) {
      try upsert(start..<min(start + step, count))
      try store.runBackgroundWork(isIdle: false)
    }
    try delete(stride(from: 0, to: count, by: 17))
  }

  func reopen(
    options: StoreOptions = StoreFixture.options(), fileSystem: any FileSystem = PosixFileSystem()
  ) throws {
    store.close()
    store = try Store.open(at: path, options: options, fileSystem: fileSystem)
    collection = try store.collection("things")
  }

  /// Everything equals the model; recall is near one.
  @discardableResult
  func check(queries: Int = 5) throws -> BeamRecall {
    let comparison = ModelComparison(collection, model)
    var recall = try comparison.checkAll(queries: queries, random: &random, dimensions: dimensions)
    if recall.isDoubtful {
      recall += try comparison.checkSearches(200, random: &random, dimensions: dimensions)
    }
    try recall.require()
    return recall
  }

  /// Names of the segment files.
  func files() throws -> [String] { try PosixFileSystem().list(segmentDirectory).sorted() }
}
