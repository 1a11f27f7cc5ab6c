import StorageIO
import VectorIndexes

/// Searching among the objects of an allow-list.
extension CollectionSearch {
  /// The same search, returning only what is on the list.
  func restricted(to allowed: AllowList) -> CollectionSearch {
    var copy = self
    copy.allowed = allowed
    return copy
  }

  /// Vectors that may be returned.
  var reachableCount: Int { allowed?.count ?? state.liveVectorCount }

  /// Rows of a segment that may be returned; of a missing segment those that live.
  func reachableRows(ofSegment index: Int) -> Int {
    allowed?.filters[index]?.allowedCount ?? state.segments[index].liveCount
  }

  /// The nearest rows of one segment, by the way that is estimated to be the quickest.
  func search(
    _ handle: SegmentHandle, at index: Int, _ query: SegmentQuery, limit: Int, ef: Int
  ) -> [Hit] {
    let candidates: [Candidate]
    let scratch = context.scratch
    if let allowed, let filter = allowed.filters[index] {
      guard handle.index.walksGraph else {
        return handle.index.search(
          query, limit: limit, ef: ef, filter: filter, scratch: scratch
        ).map(Hit.init)
      }
      let walk = FilteredWalk.choose(
        allowed: filter.allowedCount, rows: filter.rowCount, beam: ef,
        rowCost: handle.index.plan.scanCost(dimensions: handle.index.rowDimensions),
        planning: state.configuration.filtering)
      switch walk {
      case .scan:
        candidates = handle.index.scan(query, limit: limit, filter: filter, scratch: scratch)
      case .sweep:
        candidates = handle.index.search(
          query, limit: limit, ef: ef, filter: filter, scratch: scratch)
      case .acorn:
        candidates = handle.index.searchAllowed(
          query, limit: limit, ef: ef, filter: filter, scratch: scratch)
      }
    } else {
      candidates = handle.index.search(
        query, limit: limit, ef: ef, filter: state.segments[index].filter, scratch: scratch)
    }
    return candidates.map(Hit.init)
  }

  /// The exact answer: the original of every vector on the list is compared.
  func scan(_ limit: Int, among allowed: AllowList) throws(StoreError) -> [Hit] {
    let isAllowed = { (docID: UInt64) in allowed.docIDs.contains(docID) }
    // Beyond this share it is quicker to read all originals in a row.
    if allowed.count > state.liveVectorCount / 3 { return try scan(limit, where: isAllowed) }
    var best = BestHits(limit: limit)
    for (index, segment) in state.segments.enumerated() {
      if let handle = segment.handle, let filter = allowed.filters[index] {
        var docIDs: [UInt64] = []
        docIDs.reserveCapacity(filter.allowedCount)
        filter.forEachAllowed { row in
          if let docID = handle.index.docID(ofOrdinal: row) { docIDs.append(docID) }
        }
        docIDs.sort()
        try unsafe forEachOriginal(docIDs) { docID, vector in
          unsafe best.insert(
            Hit(docID: docID, distance: exact.distance(toUnaligned: vector), isExact: true))
        }
      } else {
        for hit in try scanInterval(of: segment, limit: limit) { best.insert(hit) }
      }
    }
    for hit in tailScan.exactSearch(limit: limit) { best.insert(hit) }
    return best.sorted()
  }
}
