import ObjectStorage
import StorageIO

/// Turns a filter into the objects that match it, by property indexes where there are some and by looking
/// at the objects where they leave a doubt.
struct FilterResolver {
  let state: CollectionState
  let transaction: ReadTransaction

  /// Records of indexes that a first attempt may read: some milliseconds.
  private static let firstBudget = 20_000
  /// So many doubtful objects are looked at before the search.
  private static let mostLookedAt = 2_000

  /// What the indexes say, remembered for the version.
  func resolve(_ filter: Filter) throws(StoreError) -> FilterResolution {
    guard state.propertyIndexes.entries.contains(where: { $0.isComplete }) else { return .unknown }
    if let known = state.filters.resolution(of: filter) {
      // Whoever asks again for what was given up is worth the whole work.
      guard case .partial(let bounds, _) = known, bounds.upper.isEverything else { return known }
      return try resolve(filter, budget: .max)
    }
    return try resolve(filter, budget: Self.firstBudget)
  }

  private func resolve(_ filter: Filter, budget: Int) throws(StoreError) -> FilterResolution {
    let bounds = try bounds(of: filter, budget: budget)
    let resolution: FilterResolution
    let undecided = bounds.undecided
    if undecided.isEmpty {
      resolution = .exact(try allowList(bounds.lower))
    } else if !undecided.isComplement, undecided.listedCount <= Self.mostLookedAt {
      resolution = .exact(try allowList(try settle(bounds, filter)))
    } else if bounds.upper.isEverything, budget == .max {
      resolution = .unknown
    } else {
      resolution = .partial(bounds, try allowList(bounds.upper))
    }
    state.filters.keep(resolution, for: filter)
    return resolution
  }

  /// The DocIDs of all objects that match, whatever it costs; a complement where that is shorter. Those of
  /// objects without a vector are among them.
  func matching(_ filter: Filter) throws(StoreError) -> DocIDSet {
    try settle(try bounds(of: filter, budget: .max), filter)
  }

  private func bounds(of filter: Filter, budget: Int) throws(StoreError) -> FilterBounds {
    guard let postings = state.tables.postings else { return .unknown }
    var evaluator = FilterEvaluator(
      indexes: state.propertyIndexes, postings: postings, transaction: transaction, budget: budget)
    return try evaluator.bounds(of: filter)
  }

  private func allowList(_ docIDs: DocIDSet) throws(StoreError) -> AllowList {
    try AllowList(docIDs, state: state, transaction: transaction)
  }

  /// Looks at the objects in doubt.
  private func settle(_ bounds: FilterBounds, _ filter: Filter) throws(StoreError) -> DocIDSet {
    let undecided = bounds.undecided
    if undecided.isEmpty { return bounds.lower }
    var found = DocIDSetBuilder()
    let objects = state.tables.objects
    let listed = undecided.listedCount
    // Reading them in a row is several times quicker than looking up most of them.
    if undecided.isComplement || listed > Int(state.counters.objectCount) / 4 {
      try objects.forEach(in: transaction) { docID, object in
        if undecided.contains(docID), filter.matches(object.properties, id: object.id) {
          found.insert(docID)
        }
        return true
      }
    } else {
      try undecided.forEachListed { (docID) throws(StoreError) in
        if let object = try objects.get(docID, in: transaction),
          filter.matches(object.properties, id: object.id)
        {
          found.insert(docID)
        }
        return true
      }
    }
    return bounds.lower.union(found.finish())
  }
}
