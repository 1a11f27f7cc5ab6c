import ObjectStorage
import StorageIO
import VectorIndexes
import VectorMath

/// Searches one version of one collection: plans each segment, searches segments and tail, merges by
/// (distance, DocID) and rescores from the originals.
///
/// Every distance that leaves here comes from the same
/// `ExactDistance` on the same original, so indexed and exact answers agree bit for bit.
struct CollectionSearch {
  let state: CollectionState
  let transaction: ReadTransaction
  let context: SearchContext
  let request: SearchRequest
  let exact: ExactDistance
  /// Only these are returned; nil: all live rows.
  var allowed: AllowList?
  private let metric: Metric

  init(
    state: CollectionState, transaction: ReadTransaction, context: SearchContext,
    request: SearchRequest
  ) {
    self.state = state
    self.transaction = transaction
    self.context = context
    self.request = request
    metric = state.configuration.metric
    exact = ExactDistance(metric: metric, query: request.vector)
  }

  /// The closest live (and matching) rows, closest first.
  func run() throws(StoreError) -> [Hit] {
    guard request.limit > 0, state.liveVectorCount > 0 else { return [] }
    if let filter = request.filter {
      return try FilteredSearch(search: self, filter: filter).run()
    }
    return try nearest(request.limit, ef: request.ef)
  }

  /// The closest live rows, whatever their properties are.
  func nearest(_ limit: Int, ef: Int?) throws(StoreError) -> [Hit] {
    let reachable = min(limit, reachableCount)
    if reachable == 0 { return [] }
    if request.isExact || reachable * 2 >= reachableCount { return try scan(limit) }
    let hits = try indexed(limit, ef: ef)
    // Promise 5: k results whenever k live objects exist. A graph with unreachable corners could
    // fall short; the scan cannot.
    return hits.count >= reachable ? hits : try scan(limit)
  }

  // MARK: - By index

  private func indexed(_ limit: Int, ef: Int?) throws(StoreError) -> [Hit] {
    let rescoring = Rescoring(
      state.configuration, limit: limit, requested: ef, probes: request.probes)
    var kept = limit
    var lists: [[Hit]] = []
    let total = state.segments.indices.reduce(0) { $0 + max(reachableRows(ofSegment: $1), 0) }
    let query = SegmentQuery(metric: metric, value: request.vector)
    var narrowed: [(list: Int, segment: Int)] = []
    for (index, segment) in state.segments.enumerated() {
      let rows = reachableRows(ofSegment: index)
      if rows <= 0 { continue }
      guard let handle = segment.handle else {
        lists.append(try scanInterval(of: segment, limit: limit))
        continue
      }
      let share = rescoring.share(of: handle.index)
      kept = max(kept, share.depth)
      if let proposed = request.proposals[index] {
        lists.append(proposed)
        continue
      }
      guard handle.index.walksGraph else {
        lists.append(search(handle, at: index, query, limit: share.depth, ef: share.beam))
        continue
      }
      let first = BeamPlan.firstBeam(
        full: share.beam, limit: share.least, rows: rows, total: total)
      let proposed = min(share.depth, max(first, share.least))
      lists.append(search(handle, at: index, query, limit: proposed, ef: first))
      if first < share.beam { narrowed.append((lists.count - 1, index)) }
    }
    lists.append(tailScan.search(limit: limit, context: context))
    // Where many candidates are compared by their originals, each of them counts as much as a result.
    let needed = kept > limit + Rescoring.margin(limit) ? kept : limit
    widen(&lists, narrowed, query, needed: needed, rescoring)
    // Estimates of what is left of a vector are too small beside exact distances: they must not push these out.
    if leavesOut { kept = max(kept, lists.reduce(0) { $0 + $1.count }) }
    return try rescore(lists.flatMap { $0 }, limit: limit, kept: kept, isOn: rescoring.isOn)
  }

  /// Whether some segment's transform leaves components out.
  var leavesOut: Bool {
    state.segments.contains { $0.handle?.index.transform?.isReducing == true }
  }

  /// The second pass: segments whose worst hit still beats the last one that is needed get the full beam.
  private func widen(
    _ lists: inout [[Hit]], _ narrowed: [(list: Int, segment: Int)], _ query: SegmentQuery,
    needed: Int, _ rescoring: Rescoring
  ) {
    guard !narrowed.isEmpty else { return }
    var merged = BestHits(limit: needed)
    for list in lists { for hit in list { merged.insert(hit) } }
    guard let last = merged.sorted().last?.distance else { return }
    for (list, index) in narrowed {
      let segment = state.segments[index]
      guard let handle = segment.handle, let worst = lists[list].last?.distance, worst < last
      else { continue }
      let share = rescoring.share(of: handle.index)
      lists[list] = search(handle, at: index, query, limit: share.depth, ef: share.beam)
    }
  }

  var tailScan: TailScan {
    TailScan(
      tail: allowed?.tail ?? state.tail, metric: metric, query: request.vector.floats ?? [],
      exact: exact)
  }

  // MARK: - By scan

  /// The exact answer: every live original is compared.
  func scan(
    _ limit: Int, where isAllowed: ((UInt64) -> Bool)? = nil
  ) throws(StoreError) -> [Hit] {
    if let allowed, isAllowed == nil { return try scan(limit, among: allowed) }
    var best = BestHits(limit: limit)
    let watermark = state.manifest.watermark
    if watermark > 0 {
      try scanOriginals(1...watermark, into: &best, where: isAllowed)
    }
    for hit in tailScan.exactSearch(limit: limit, where: isAllowed) { best.insert(hit) }
    return best.sorted()
  }

  /// A missing segment's interval, from LMDB.
  func scanInterval(of segment: SegmentView, limit: Int) throws(StoreError) -> [Hit] {
    var best = BestHits(limit: limit)
    try scanOriginals(
      segment.entry.firstDocID...segment.entry.lastDocID, into: &best,
      where: allowed.map { list in { list.docIDs.contains($0) } })
    return best.sorted()
  }

  private func scanOriginals(
    _ range: ClosedRange<UInt64>, into best: inout BestHits, where isAllowed: ((UInt64) -> Bool)?
  ) throws(StoreError) {
    var found = best
    try unsafe state.vectors?.forEach(docIDs: range, in: transaction) { docID, vector in
      if let isAllowed, !isAllowed(docID) { return true }
      unsafe found.insert(
        Hit(docID: docID, distance: exact.distance(toUnaligned: vector), isExact: true))
      return true
    }
    best = found
  }
}
