import ObjectStorage
import SegmentFiles
import StorageIO
import SystemPackage

/// Makes a new store, in a folder of the damaged one, of everything that can be read of it.
///
/// It is made as any store is: collections are created, objects written, segments built. So nothing of the old file's
/// bookkeeping has to be right, and the new store is sound by construction. DocIDs are new; order of insertion, ids,
/// vectors and properties are as they were.
struct StoreSalvage {
  let paths: StorePaths
  let fileSystem: any FileSystem

  struct Outcome {
    var objects = 0
    var losses: [RepairReport.Loss] = []
    /// Whether nothing could be read of the data file.
    var isDataFileLost = false
    var lostSegments: [RepairReport.LostSegment] = []
  }

  func run() throws(StoreError) -> Outcome {
    var options = StoreOptions()
    options.backgroundWork = .manual
    let store = try Store.open(
      at: FilePath(paths.salvage), options: options, fileSystem: fileSystem)
    defer { store.close() }
    store.core.skipSegmentNumbers(through: try highestSegment())
    var outcome = Outcome()
    if try fileSystem.exists(paths.data) { try copyCollections(to: store, &outcome) }
    if outcome.losses.isEmpty { try saveSegments(to: store, &outcome) }
    try store.runBackgroundWork()
    return outcome
  }

  /// Copies what the data file says of each collection.
  private func copyCollections(to store: Store, _ outcome: inout Outcome) throws(StoreError) {
    let salvage = try Salvage(fileSystem: fileSystem, path: paths.data)
    for plan in try CollectionPlan.all(in: salvage, segments: try segmentShapes()) {
      let collection = try create(plan, in: store)
      let copy = CollectionImport(
        salvage: salvage, plan: plan, collection: collection)
      let (count, loss) = try copy.run()
      outcome.objects += count
      outcome.losses.append(loss)
      try finish(plan, collection)
    }
  }

  /// The last resort: where the data file says nothing, the segments have some of what they were made from.
  private func saveSegments(to store: Store, _ outcome: inout Outcome) throws(StoreError) {
    outcome.isDataFileLost = true
    let segments = SegmentSalvage(
      directory: paths.segments, fileSystem: fileSystem, store: store)
    for result in try segments.run() {
      switch result {
      case .saved(let loss, let objects):
        outcome.losses.append(loss)
        outcome.objects += objects
      case .lost(let segment): outcome.lostSegments.append(segment)
      }
    }
  }

  private func create(_ plan: CollectionPlan, in store: Store) throws(StoreError) -> Collection {
    let definition = plan.definition
    // A vectorizer that the collection names needs not be at hand.
    try store.core.write { (context) throws(StoreError) in
      try context.createCollection(
        definition.name, definition.configuration, weaviateClass: definition.weaviateClass)
    }
    return try store.collection(definition.name)
  }

  private func finish(
    _ plan: CollectionPlan, _ collection: Collection
  ) throws(StoreError) {
    for path in plan.indexedPaths { try collection.createPropertyIndex(path) }
    if plan.definition.stage != .loading { try collection.build() }
    guard plan.isReadOnly else { return }
    let number = collection.number
    let reason = plan.definition.refusal.byCaller
    try collection.core.write { (context) throws(StoreError) in
      try context.setReadOnly(true, because: reason, number)
    }
  }

  /// No new segment may have the name of an old one: for a moment both are in one folder.
  private func highestSegment() throws(StoreError) -> UInt64 {
    guard try fileSystem.exists(paths.segments) else { return 0 }
    return try fileSystem.list(paths.segments).compactMap { SegmentFileName(parsing: $0)?.number }
      .max() ?? 0
  }

  /// What the segments say about their collections, should nothing else do.
  private func segmentShapes() throws(StoreError) -> [SegmentHeader] {
    guard try fileSystem.exists(paths.segments) else { return [] }
    var headers: [SegmentHeader] = []
    for name in try fileSystem.list(paths.segments) {
      guard let number = SegmentFileName.parse(name) else { continue }
      let reader = try? SegmentReader.open(
        fileSystem: fileSystem, directory: paths.segments, number: number)
      if let reader { headers.append(reader.header) }
    }
    return headers
  }
}
