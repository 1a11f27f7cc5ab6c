import Seamstone
import TestSupport

/// One way to run the same operations: everything that may differ without changing an answer.
package struct RunOptions: Sendable, CustomStringConvertible {
  package var name: String
  package var metric: Metric
  package private(set) var elementType = ElementType.float32
  package var dimensions = 16
  package var index = IndexConfiguration.hnsw(m: 8)
  package var encoding = VectorEncoding.int8()
  package var transform = VectorTransform.none
  /// Objects in each collection before the first operation, for what is trained of many.
  package var initialRows = 0
  package var store = StoreFixture.options()
  /// What the step `convert` converts to; `convertBack` goes back to the above.
  package var other: (index: IndexConfiguration, encoding: VectorEncoding) = (.flat, .float32)
  /// Steps that no user sees, and after how many steps of the user's each of them is done.
  package var schedule: [(every: Int, kind: StoreOperation.Kind)] = []
  /// Of the results by index with a wide beam, the share that must be as close as the true ones.
  package var floor = 0.97

  package init(_ name: String, metric: Metric = .cosine) {
    self.name = name
    self.metric = metric
    store.durability = .relaxed
  }

  package var description: String { name }

  package var configuration: CollectionConfiguration {
    CollectionConfiguration(
      dimensions: dimensions, metric: metric, index: index, encoding: encoding,
      elementType: elementType, transform: transform)
  }

  /// What a collection of this configuration holds at first.
  package var emptyModel: ModelCollection {
    ModelCollection(metric: metric, elementType: elementType)
  }

  /// Makes vectors packed bits, whose dimensions have to be a multiple of eight.
  package mutating func usePackedBits() {
    elementType = .bits
    metric = .hamming
    encoding = .bits
    other = (.flat, .bits)
  }

  /// The operations with those of the schedule between them.
  package func interleaved(_ operations: [StoreOperation]) -> [StoreOperation] {
    var all: [StoreOperation] = []
    for (number, operation) in operations.enumerated() {
      all.append(operation)
      for (every, kind) in schedule where (number + 1) % every == 0 {
        all.append(StoreOperation(kind, seed: operation.seed &+ 1, position: 0))
      }
    }
    for position in all.indices { all[position].position = position }
    return all
  }
}

extension RunOptions {
  /// More than thirty ways, each of which differs from the usual one in few respects.
  package static let all: [RunOptions] = [
    encodings, lists, forests, transforms, metrics, bits, limits, schedules,
  ]
  .flatMap(\.self)

  private static func make(
    _ name: String, metric: Metric = .cosine, _ change: (inout RunOptions) -> Void
  ) -> RunOptions {
    var options = RunOptions(name, metric: metric)
    options.schedule = [(9, .work), (40, .compact), (70, .reopen)]
    change(&options)
    return options
  }

  /// Every encoding, in a graph and flat.
  private static let encodings: [RunOptions] = [
    ("float32", .float32, 0.97), ("float16", .float16, 0.97), ("int8", .int8(), 0.97),
    ("int4", .int4(), 0.85), ("pq", .pq(subvectors: 8, centroids: 16), 0.95),
    ("binary", .binary(rescoreLimit: 400), 0.85), ("rabitq", .rabitq(bits: 8), 0.97),
    ("rabitq-4", .rabitq(bits: 4), 0.97), ("rabitq-1", .rabitq(bits: 1), 0.9),
  ].flatMap { (name: String, encoding: VectorEncoding, floor: Double) in
    [
      make(name) {
        $0.encoding = encoding
        $0.floor = floor
      },
      make(name + "-flat") {
        $0.encoding = encoding
        $0.index = .flat
        $0.floor = floor
      },
    ]
  }

  /// Lists around centroids, all of which are searched.
  private static let lists: [RunOptions] = [
    make("ivf") { $0.index = .ivf(lists: 5, probes: 5) },
    make("ivf-float32", metric: .l2Squared) {
      $0.index = .ivf(lists: 5, probes: 5)
      $0.encoding = .float32
    },
    make("ivf-rabitq-4") {
      $0.index = .ivf(lists: 3, probes: 3)
      $0.encoding = .rabitq(bits: 4)
    },
    make("conversions-ivf") {
      $0.other = (.ivf(lists: 4, probes: 4), .float32)
      $0.schedule = [(6, .work), (20, .convert), (31, .convertBack), (50, .kill)]
    },
  ]

  /// Forests before they are built: then they take no changes any more.
  private static let forests: [RunOptions] = [
    make("annoy") { $0.index = .annoy(trees: 4) },
    make("conversions-annoy", metric: .dot) {
      $0.other = (.annoy(trees: 4), .float32)
      $0.schedule = [(6, .work), (20, .convert), (31, .convertBack), (50, .kill)]
    },
  ]

  /// Maps that are trained, of which one leaves components out.
  private static let transforms: [RunOptions] = [
    make("opq") {
      $0.transform = .opq(subvectors: 4)
      $0.initialRows = 1_200
    },
    make("opq-pq-flat", metric: .l2Squared) {
      $0.transform = .opq(subvectors: 8)
      $0.encoding = .pq(subvectors: 8, centroids: 32)
      $0.index = .flat
      $0.initialRows = 1_200
      $0.floor = 0.95
    },
    make("pca-ivf", metric: .dot) {
      $0.transform = .pca(dimensions: 14)
      $0.index = .ivf(lists: 5, probes: 5)
      $0.initialRows = 1_200
      $0.floor = 0.85
    },
  ]

  private static let metrics: [RunOptions] = [
    make("dot", metric: .dot) { _ in },
    make("l2-squared", metric: .l2Squared) { _ in },
    make("manhattan", metric: .manhattan) { _ in },
    make("hamming", metric: .hamming) { $0.encoding = .float32 },
    make("manhattan-pq-flat", metric: .manhattan) {
      $0.encoding = .pq(subvectors: 4, centroids: 32)
      $0.index = .flat
      $0.floor = 0.95
    },
  ]

  /// Packed bits, in each kind that takes them; buckets are all searched.
  private static let bits: [RunOptions] = [
    packed("bits") { _ in },
    packed("bits-flat") { $0.index = .flat },
    packed("bits-hash") { $0.index = .hash(bits: 4, flips: 4) },
    packed("bits-hash-tables") { $0.index = .hash(bits: 5, tables: 3, flips: 5) },
    packed("bits-ivf") { $0.index = .ivf(lists: 5, probes: 5) },
    packed("conversions-bits") {
      $0.other = (.hash(bits: 6, flips: 6), .bits)
      $0.schedule = [(6, .work), (20, .convert), (31, .convertBack), (50, .kill)]
    },
  ]

  private static func packed(
    _ name: String, _ change: (inout RunOptions) -> Void
  ) -> RunOptions {
    make(name) {
      $0.usePackedBits()
      $0.dimensions = 64
      change(&$0)
    }
  }

  private static let limits: [RunOptions] = [
    make("seal-16") { $0.store = StoreFixture.options(sealRows: 16) },
    make("seal-400") { $0.store = StoreFixture.options(sealRows: 400) },
    make("graph-40") { $0.store = StoreFixture.options(graphRows: 40) },
    make("one-thread") { $0.store = StoreFixture.options(threads: 1) },
    make("four-threads") { $0.store = StoreFixture.options(threads: 4) },
    make("durability-full") { $0.store.durability = .full },
    make("verify-full") { $0.store.verification = .full },
    make("small-map") { $0.store.mapSize = 1 << 20 },
    make("resident-nothing") { $0.store.residentBytes = 0 },
    make("few-segments") {
      $0.store.compaction.maximumSegments = 2
      $0.store.compaction.tierCount = 2
      $0.store.compaction.tierFactor = 2
    },
    make("rewrite-early") {
      $0.store.compaction.rewriteDeletedRows = 1
      $0.store.compaction.rewriteDeletedShare = 0.02
    },
  ]

  private static let schedules: [RunOptions] = [
    make("never-sealed") { $0.schedule = [(70, .reopen)] },
    make("work-each-step") { $0.schedule = [(1, .work), (2, .workIdle)] },
    make("compact-often") { $0.schedule = [(7, .compactFully)] },
    make("reopen-often") { $0.schedule = [(5, .work), (8, .reopen)] },
    make("killed-often") { $0.schedule = [(5, .work), (11, .kill)] },
    make("conversions") {
      $0.schedule = [(6, .work), (20, .convert), (31, .convertBack), (50, .kill)]
    },
    make("conversions-pq") {
      $0.other = (.hnsw(m: 6), .pq(subvectors: 8, centroids: 16))
      $0.schedule = [(6, .work), (20, .convert), (31, .convertBack), (60, .reopen)]
      $0.floor = 0.95
    },
    make("property-index") {
      $0.schedule = [(10, .work), (13, .indexProperty), (37, .dropPropertyIndex), (60, .kill)]
    },
    make("in-the-background") {
      $0.store = StoreFixture.options(manual: false)
      $0.store.durability = .relaxed
      $0.schedule = [(50, .compact), (60, .reopen)]
    },
  ]
}
