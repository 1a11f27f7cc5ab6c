import ObjectStorage
import StorageIO
import VectorMath

/// A search among the objects whose properties match a filter.
///
/// Two ways, tried in this order: search without the filter for more than was asked and keep what
/// matches; where matches are too rare for that, read every object and compare the matching ones
/// exactly. The second always finds k results when k objects match, so the answer is complete.
struct FilteredSearch {
  let search: CollectionSearch
  let filter: Filter

  /// The first attempt asks for this many times the limit.
  private static let oversampling = 4
  /// No attempt by index asks for more than this.
  private static let largestAttempt = 2_048

  func run() throws(StoreError) -> [Hit] {
    let limit = search.request.limit
    if !search.request.isExact, let hits = try byIndex(limit) { return hits }
    return try byScan(limit)
  }

  /// nil when matches are too rare to be found by the way.
  private func byIndex(_ limit: Int) throws(StoreError) -> [Hit]? {
    var wanted = max(limit * Self.oversampling, 64)
    while wanted <= Self.largestAttempt, wanted * 2 < search.state.liveVectorCount {
      let candidates = try search.nearest(wanted, ef: max(search.request.ef ?? 0, wanted))
      var matching: [Hit] = []
      for candidate in candidates where try matches(candidate.docID) {
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
    try unsafe search.forEachOriginal(matching) { (docID: UInt64, vector: UnsafePointer<Float>) in
      unsafe best.insert(Hit(docID: docID, distance: exact.distance(to: vector), isExact: true))
    }
    return best.sorted()
  }

  private func matches(_ docID: UInt64) throws(StoreError) -> Bool {
    let objects = search.state.tables.objects
    guard let object = try objects.get(docID, in: search.transaction) else { return false }
    return filter.matches(object.properties, id: object.id)
  }
}
