import ObjectStorage
import SegmentFiles
import StorageIO
import VectorIndexes

extension Store {
  /// The figures of the store and of all its collections, of one version.
  public func statistics() throws(StoreError) -> StoreStatistics {
    let (transaction, state) = try core.capture()
    defer { transaction.end() }
    let figures = try core.environment.statistics()
    let collections = state.collections.values.sorted { $0.name < $1.name }
      .map { core.statistics(of: $0) }
    return StoreStatistics(
      version: state.transactionID, collections: collections, diskBytes: try diskBytes(),
      objectBytes: figures.usedPages * figures.pageSize - figures.freePages * figures.pageSize)
  }

  private func diskBytes() throws(StoreError) -> Int {
    var bytes = try core.fileSystem.length(StorePaths(core.path).data)
    let segments = core.segmentDirectory
    guard try core.fileSystem.exists(segments) else { return bytes }
    for name in try core.fileSystem.list(segments) {
      // A file may be unlinked between the two calls.
      bytes += (try? core.fileSystem.length(segments + "/" + name)) ?? 0
    }
    return bytes
  }
}

extension Collection {
  /// The figures of the collection, of its newest version.
  public func statistics() throws(StoreError) -> CollectionStatistics {
    try state { core.statistics(of: $0) }
  }
}

extension StoreCore {
  func statistics(of collection: CollectionState) -> CollectionStatistics {
    let segments = collection.segments.map { view in
      SegmentStatistics(
        id: view.entry.number, kind: view.handle?.index.kind.name ?? "missing",
        encoding: view.handle?.index.encodingName ?? "none",
        transform: view.handle?.index.transformName ?? "none", count: Int(view.entry.rowCount),
        deleted: view.deleted?.count ?? 0, bytes: Int(view.entry.length),
        identifier: view.entry.identifier.description)
    }
    let outdated = collection.outdatedVectorCount
    let mergeFailure = activity.failure(of: .merge, collection.number)
    return CollectionStatistics(
      name: collection.name, count: Int(collection.counters.objectCount),
      vectorCount: collection.liveVectorCount,
      deleted: segments.reduce(0) { $0 + $1.deleted }, tail: collection.tail.liveCount,
      status: status(of: collection).rawValue,
      indexStage: collection.indexStage, missingIndexKind: missingIndexKind(of: collection),
      readOnlyReason: collection.refusal.conversion ?? collection.refusal.byCaller,
      failure: (activity.failure(of: .seal, collection.number)
        ?? mergeFailure ?? activity.failure(of: .propertyIndexes, collection.number))?
        .description,
      outdated: outdated,
      lastConversionError: collection.conversion.failure
        ?? (outdated > 0 ? mergeFailure?.description : nil),
      dimensions: collection.configuration.dimensions, metric: collection.configuration.metric,
      index: collection.configuration.index, encoding: collection.configuration.encoding,
      transform: collection.configuration.transform,
      segments: segments, propertyIndexes: collection.propertyIndexes.list)
  }
}
