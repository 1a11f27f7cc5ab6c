import Seamstone

/// Configurations, options and filters for tests, in one place.
package enum StoreFixture {
  /// A collection's configuration.
  package static func configuration(
    dimensions: Int?, metric: Metric, isFlat: Bool = false, isFloat32: Bool = false,
    elementType: ElementType = .float32
  ) -> CollectionConfiguration {
    var configuration = CollectionConfiguration(
      dimensions: dimensions, metric: metric, elementType: elementType)
    configuration.index = isFlat ? .flat : .hnsw(m: 8)
    if elementType == .bits { return configuration }
    configuration.encoding = isFloat32 || metric == .hamming ? .float32 : .int8()
    return configuration
  }

  /// Options with limits so small that a few hundred vectors go through seals, tiers and graphs.
  package static func options(
    manual: Bool = true, threads: Int = 2, sealRows: Int = 64, graphRows: Int = 200
  ) -> StoreOptions {
    var options = StoreOptions()
    options.backgroundWork = manual ? .manual : .automatic
    options.threads = threads
    options.mapSize = 256 << 20
    options.compaction.sealRows = sealRows
    options.compaction.bulkSealRows = sealRows * 4
    options.compaction.softTailRows = sealRows * 8
    options.compaction.hardTailRows = sealRows * 16
    options.compaction.graphRows = graphRows
    options.compaction.rewriteDeletedRows = sealRows / 2
    options.compaction.idleFlatRows = sealRows
    options.compaction.idleSeconds = 0.02
    return options
  }

  /// Options for stores of some thousand vectors, whose graphs have far more nodes than a wide beam visits.
  package static func graphOptions(manual: Bool = true) -> StoreOptions {
    options(manual: manual, sealRows: 250, graphRows: 1_000)
  }

  /// Objects whose property `n` has this value.
  package static func filter(n: Int) -> Filter { .equal("n", .int(Int64(n))) }
}
