import ObjectStorage
import StorageIO
import VectorIndexes

/// What a new definition of its class changes in a collection.
struct WeaviateChange {
  /// The class afterwards.
  let changed: WeaviateClass
  /// The configuration afterwards.
  let configuration: CollectionConfiguration
  /// Properties that get an index.
  private let indexed: [PropertyPath]
  /// Properties that lose theirs.
  private let unindexed: [PropertyPath]
  /// Whether index or encoding were asked to be others than before.
  private let concernsSegments: Bool
  /// Whether nothing changes.
  let isEmpty: Bool

  /// - Throws: `invalidConfiguration` with everything that is wrong or cannot be changed.
  init(
    _ members: [String: PropertyValue], of collection: CollectionState, dimensions: Int?,
    _ types: [WeaviateIndexType]
  ) throws(StoreError) {
    guard let old = collection.weaviateClass else {
      throw StoreError(
        .invalidConfiguration,
        "The collection \"\(collection.name)\" exists and was not created from a class",
        remedy: "Open it with Store.collection(_:), or give the class another name")
    }
    let known = collection.configuration
    let changed = try WeaviateClass(
      old.members(changedBy: members), indexTypes: Set(types.map(\.name))
    ).skippingNewTexts(since: old, known)
    try changed.requireChangeable(from: old)
    let before = try old.configuration(dimensions: known.dimensions, indexTypes: types)
    let after = try changed.configuration(dimensions: known.dimensions, indexTypes: types)
    // Only what the definition changes is changed: an encoding that classes have no name for stays.
    var configuration = known
    configuration.dimensions = known.dimensions ?? dimensions ?? after.dimensions
    if let dimensions, dimensions != configuration.dimensions {
      throw StoreError.wrongDimensions(
        dimensions, expected: configuration.dimensions ?? 0, collection: collection.name,
        what: "The definition")
    }
    if after.index != before.index {
      configuration.index = after.index.keepingUnnamed(of: known.index)
    }
    if after.encoding != before.encoding { configuration.encoding = after.encoding }
    if after.filtering != before.filtering { configuration.filtering = after.filtering }
    guard after.metric == before.metric else {
      throw StoreError(
        .invalidConfiguration,
        "distance is immutable: attempted change from \"\(before.metric.rawValue)\" to "
          + "\"\(after.metric.rawValue)\"")
    }
    try changed.requireFitting(configuration.dimensions)
    try configuration.validate()
    if configuration.encoding != known.encoding {
      try configuration.requireVectors(collection.liveVectorCount, collection: collection.name)
    }
    self.changed = changed
    self.configuration = configuration
    let wanted = changed.indexedPaths
    indexed = wanted.filter { collection.propertyIndexes.entry($0) == nil }
    unindexed = old.indexedPaths.filter { path in
      !wanted.contains(path) && collection.propertyIndexes.entry(path) != nil
    }
    // Not what only concerns searches, the beam say: such a change never refuses writes, even while another
    // conversion runs.
    let width = configuration.dimensions ?? 1
    concernsSegments =
      configuration.indexKind != known.indexKind
      || !configuration.encodingPlan(dimensions: width)
        .isInterchangeable(with: known.encodingPlan(dimensions: width))
    isEmpty =
      changed == old && configuration == known && indexed.isEmpty && unindexed.isEmpty
  }

  /// Brings the property indexes in line with the class.
  func applyIndexes(
    to collection: inout CollectionState, in context: WriteContext
  ) throws(StoreError) {
    try context.changePropertyIndexes(of: &collection, adding: indexed, dropping: unindexed)
  }

  /// Applies the change. Where segments have to be built anew, writes are refused until they are.
  func apply(to collection: inout CollectionState) {
    if configuration.dimensions != collection.configuration.dimensions,
      let dimensions = configuration.dimensions
    {
      collection.fixDimensions(dimensions)
    }
    let earlier = collection
    collection.configuration = configuration
    collection.weaviateClass = changed
    let isConverting = collection.segments.contains { $0.isOutdated(for: configuration) }
    if !isConverting {
      // It may have been undone before it was over.
      collection.refusal.conversion = nil
    } else if concernsSegments {
      collection.refusal.conversion = Self.reason
    }
    collection.didReconfigure(from: earlier)
  }

  /// What errors say while a conversion runs.
  static let reason = "update vector index config"
}

extension WriteContext {
  /// Changes a collection by a new definition of its class. A running conversion does not prevent it: that
  /// is how one is undone.
  func changeClass(
    _ number: UInt32, _ members: [String: PropertyValue], dimensions: Int?,
    _ types: [WeaviateIndexType]
  ) throws(StoreError) {
    try change(number) { (collection) throws(StoreError) in
      if collection.counters.isReadOnly, let error = collection.readOnlyError { throw error }
      let change = try WeaviateChange(members, of: collection, dimensions: dimensions, types)
      change.apply(to: &collection)
      try change.applyIndexes(to: &collection, in: self)
      try storeDefinition(of: collection)
    }
  }
}

extension WeaviateClass {
  /// Refuses settings that do not go with the length of the vectors.
  func requireFitting(_ dimensions: Int?) throws(StoreError) {
    guard let problem = index.problem(dimensions: dimensions) else { return }
    try WeaviateClass.refuse([], [problem], type: index.type, name: name)
  }
}

extension IndexConfiguration {
  /// This, with what classes have no word for from another graph: the seed, and outside of `dynamic` from how many
  /// vectors on there is one.
  fileprivate func keepingUnnamed(of other: IndexConfiguration) -> IndexConfiguration {
    guard case .hnsw(var graph) = self, case .hnsw(let known) = other else { return self }
    graph.seed = known.seed
    graph.graphRows = graph.graphRows ?? known.graphRows
    return .hnsw(graph)
  }
}
