import ObjectStorage

/// One committed version of a collection, immutable: what readers of that version work with.
struct CollectionState: Sendable {
  /// The number that names the collection's databases; never reused.
  let number: UInt32
  let name: String
  var configuration: CollectionConfiguration
  var tables: CollectionTables
  /// Which properties are indexed.
  var propertyIndexes = PropertyIndexRecord()
  /// What searches of this version found out about filters.
  var filters = ResolvedFilters()
  var counters: CollectionCounters
  var manifest: Manifest
  /// One for each manifest entry, in order.
  var segments: [SegmentView]
  var tail: TailView
  /// The originals; nil until the dimensions are known.
  private(set) var vectors: VectorTable?

  init(
    number: UInt32, name: String, configuration: CollectionConfiguration, tables: CollectionTables,
    counters: CollectionCounters = CollectionCounters(), manifest: Manifest = Manifest()
  ) {
    self.number = number
    self.name = name
    self.configuration = configuration
    self.tables = tables
    self.counters = counters
    self.manifest = manifest
    segments = []
    tail = TailView()
    vectors = configuration.dimensions.map { tables.vectors(dimensions: $0) }
  }

  /// The first vector decides the dimensions.
  mutating func fixDimensions(_ dimensions: Int) {
    configuration.dimensions = dimensions
    vectors = tables.vectors(dimensions: dimensions)
  }

  /// Vectors that a search may return.
  var liveVectorCount: Int { Int(counters.vectorCount) }
}
