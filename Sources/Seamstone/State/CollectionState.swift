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
  /// How far the index is, if it is of a kind that is built once.
  var stage = IndexStage.loading
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

  /// How far an index is that is built once; nil for others.
  var indexStage: IndexStage? { configuration.index.isBuiltOnce ? stage : nil }

  /// Whether an index that is built once is to be of all there is, or is that already.
  var isFrozen: Bool { indexStage == .building || indexStage == .built }

  /// Why objects cannot be changed now; nil while they can.
  var readOnlyError: StoreError? {
    if let error = refusalError { return error }
    return isFrozen ? .builtIndex(of: name, kind: configuration.index.name) : nil
  }

  /// Why nothing at all may be changed now, the configuration included; nil while it may.
  var refusalError: StoreError? {
    if let conversion = refusal.conversion {
      return .readOnlyCollection(name, because: conversion, isPassing: true)
    }
    return counters.isReadOnly
      ? .readOnlyCollection(name, because: refusal.byCaller, isPassing: false) : nil
  }
}
