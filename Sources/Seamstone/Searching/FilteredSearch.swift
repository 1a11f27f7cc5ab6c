import ObjectStorage
import StorageIO
import VectorMath

/// A search among the objects whose properties match a filter.
///
/// Where property indexes answer the filter, the search walks or scans among the matching objects
/// only. Otherwise two ways are tried in this order: search without the filter (or with what indexes know
/// of it) for more than was asked and keep what matches; where matches are too rare for that, look at
/// every object that may match. All of them find k results when k objects match.
struct FilteredSearch {
  let search: CollectionSearch
  let filter: Filter

  /// The first attempt asks for this many times the limit.
  private static let oversampling = 4
  /// No attempt by index asks for more than this.
  private static let largestAttempt = 2_048

  private var resolver: FilterResolver {
    FilterResolver(state: search.state, transaction: search.transaction)
  }

  func run() throws(StoreError) -> [Hit] {
    let request = search.request
    let resolution = request.ignoresPropertyIndexes ? .unknown : try resolver.resolve(filter)
    switch resolution {
    case .exact(let allowed):
      return try search.restricted(to: allowed).nearest(request.limit, ef: request.ef)
    case .partial(let bounds, let allowed):
      let candidates = search.restricted(to: allowed)
      if !request.isExact, let hits = try byIndex(candidates, certain: bounds.lower) { return hits }
      let matching = try AllowList(
        try resolver.matching(filter), state: search.state, transaction: search.transaction)
      search.state.filters.keep(.exact(matching), for: filter)
      return try search.restricted(to: matching).nearest(request.limit, ef: request.ef)
    case .unknown:
      if !request.isExact, let hits = try byIndex(search, certain: .empty) { return hits }
      return try byScan(request.limit)
    }
  }

  /// nil when matches are too rare to be found by the way.
  private func byIndex(
    _ search: CollectionSearch, certain: DocIDSet
  ) throws(StoreError) -> [Hit]? {
    let limit = search.request.limit
    var wanted = max(limit * Self.oversampling, 64)
    while wanted <= Self.largestAttempt, wanted * 2 < search.reachableCount {
      let candidates = try search.nearest(
        wanted,
        ef: search.state.configuration.index.widened(search.request.ef, limit: wanted))
      var matching: [Hit] = []
      for candidate in candidates {
        if !certain.contains(candidate.docID), try !matches(candidate.docID) { continue }
        matching.append(candidate)
        if matching.count == limit { return matching }
      }
      let share = Double(matching.count) / Double(max(candidates.count, 1))
      let next = share > 0 ? Int(Double(limit) / share * 1.5) : Int.max
      guard next <= Self.largestAttempt else { return nil }
      wanted = max(next, wanted * 2)
    }
    return nil
  }

  private func byScan(_ limit: Int) throws(StoreError) -> [Hit] {
    // DocIDs of objects with a vector that match, ascending as the table is read.
    var matching: [UInt64] = []
    try search.state.tables.objects.forEach(in: search.transaction) { docID, object in
      if object.hasVector, filter.matches(object.properties, id: object.id) {
        matching.append(docID)
      }
      return true
    }
    var best = BestHits(limit: limit)
    let exact = search.exact
    try unsafe search.forEachOriginal(matching) { (docID: UInt64, vector: UnsafeRawPointer) in
      unsafe best.insert(
        Hit(docID: docID, distance: exact.distance(toUnaligned: vector), isExact: true))
    }
    return best.sorted()
  }

  private func matches(_ docID: UInt64) throws(StoreError) -> Bool {
    let objects = search.state.tables.objects
    guard let object = try objects.get(docID, in: search.transaction) else { return false }
    return filter.matches(object.properties, id: object.id)
  }
}
