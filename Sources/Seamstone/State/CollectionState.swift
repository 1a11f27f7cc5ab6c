import ObjectStorage
import StorageIO

extension CollectionTables {
  /// The originals; nil until the dimensions are known.
  func vectors(of configuration: CollectionConfiguration) -> VectorTable? {
    configuration.dimensions.map {
      vectors(byteCount: configuration.elementType.byteCount(dimensions: $0))
    }
  }
}

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
  /// The class that the collection was created from, if it was.
  var weaviateClass: WeaviateClass?
  /// Why mutating calls are refused, besides what the counters say.
  var refusal = WriteRefusal()
  /// The conversion that runs, and how the last one ended.
  var conversion = Conversion()

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
    vectors = tables.vectors(of: configuration)
  }

  /// The first vector decides the dimensions.
  mutating func fixDimensions(_ dimensions: Int) {
    configuration.dimensions = dimensions
    vectors = tables.vectors(of: configuration)
  }

  /// Live vectors in segments that are not, or not yet, what the configuration asks for.
  var outdatedVectorCount: Int {
    segments.reduce(0) { $0 + ($1.isOutdated(for: configuration) ? max($1.liveCount, 0) : 0) }
  }

  /// Vectors that a search may return.
  var liveVectorCount: Int { Int(counters.vectorCount) }

  /// Why mutating calls are refused now; nil while they are accepted.
  var readOnlyError: StoreError? {
    if let conversion = refusal.conversion {
      return .readOnlyCollection(name, because: conversion, isPassing: true)
    }
    return counters.isReadOnly
      ? .readOnlyCollection(name, because: refusal.byCaller, isPassing: false) : nil
  }
}
