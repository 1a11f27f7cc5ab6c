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
    let reachable = min(limit, state.liveVectorCount)
    if request.isExact || reachable * 2 >= state.liveVectorCount { return try scan(limit) }
    let hits = try indexed(limit, ef: ef)
    // Promise 5: k results whenever k live objects exist. A graph with unreachable corners could
    // fall short; the scan cannot.
    return hits.count >= reachable ? hits : try scan(limit)
  }

  // MARK: - By index

  private func indexed(_ limit: Int, ef: Int?) throws(StoreError) -> [Hit] {
    let rescoring = Rescoring(state.configuration, limit: limit, requested: ef)
    let beam = rescoring.beam
    var kept = limit
    var lists: [[Hit]] = []
    let total = state.segments.reduce(0) { $0 + max($1.liveCount, 0) }
    let query = SegmentQuery(metric: metric, vector: request.vector)
    var narrowed: [(list: Int, segment: Int)] = []
    for (index, segment) in state.segments.enumerated() where segment.liveCount > 0 {
      guard let handle = segment.handle else {
        lists.append(try scanInterval(of: segment, limit: limit))
        continue
      }
      let depth = rescoring.depth(of: handle.index)
      kept = max(kept, depth)
      let least = rescoring.leastDepth(of: handle.index)
      let first = BeamPlan.firstBeam(
        full: beam, limit: least, rows: segment.liveCount, total: total)
      let proposed = handle.index.hasGraph ? min(depth, max(first, least)) : depth
      lists.append(search(handle, segment, query, limit: proposed, ef: first))
      if first < beam, handle.index.hasGraph { narrowed.append((lists.count - 1, index)) }
    }
    lists.append(tailScan.search(limit: limit, context: context))
    // Where many candidates are compared by their originals, each of them counts as much as a result.
    let needed = kept > limit + Rescoring.margin(limit) ? kept : limit
    widen(&lists, narrowed, query, needed: needed, rescoring)
    return try rescore(lists.flatMap { $0 }, limit: limit, kept: kept, isOn: rescoring.isOn)
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
      lists[list] = search(
        handle, segment, query, limit: rescoring.depth(of: handle.index), ef: rescoring.beam)
    }
  }

  private func search(
    _ handle: SegmentHandle, _ segment: SegmentView, _ query: SegmentQuery, limit: Int, ef: Int
  ) -> [Hit] {
    handle.index.search(
      query, limit: limit, ef: ef, filter: segment.filter, scratch: context.scratch
    ).map { Hit(docID: $0.docID, distance: $0.distance, isExact: $0.isExact) }
  }

  private var tailScan: TailScan {
    TailScan(tail: state.tail, metric: metric, query: request.vector, exact: exact)
  }

  // MARK: - Rescoring

  /// Replaces the approximate distances of the best `kept` hits by exact ones, from the originals in key
  /// order.
  private func rescore(
    _ hits: [Hit], limit: Int, kept: Int, isOn: Bool
  ) throws(StoreError) -> [Hit] {
    var hits = hits.sorted(by: Hit.isCloser)
    if hits.count > kept { hits.removeLast(hits.count - kept) }
    guard isOn, hits.contains(where: { !$0.isExact }) else { return Array(hits.prefix(limit)) }
    let wanted = hits.filter { !$0.isExact }.map(\.docID).sorted()
    hits.removeAll { !$0.isExact }
    try unsafe forEachOriginal(wanted) { docID, vector in
      unsafe hits.append(Hit(docID: docID, distance: exact.distance(to: vector), isExact: true))
    }
    hits.sort(by: Hit.isCloser)
    return Array(hits.prefix(limit))
  }

  /// Reads the originals of `docIDs`, ascending, a block at a time.
  func forEachOriginal(
    _ docIDs: [UInt64], _ body: (UInt64, UnsafePointer<Float>) -> Void
  ) throws(StoreError) {
    guard let vectors = state.vectors, !docIDs.isEmpty else { return }
    let block = 64
    let stride = exact.dimensions
    let rows = unsafe context.originals(capacity: min(block, docIDs.count) * stride)
    var start = 0
    while start < docIDs.count {
      let end = min(start + block, docIDs.count)
      try unsafe withPointer(docIDs[start..<end]) { (wanted) throws(StoreError) in
        try unsafe vectors.read(wanted, in: transaction, into: rows, stride: stride)
      }
      for index in start..<end {
        unsafe body(docIDs[index], UnsafePointer(rows + (index - start) * stride))
      }
      start = end
    }
  }

  // MARK: - By scan

  /// The exact answer: every live original is compared.
  func scan(
    _ limit: Int, where isAllowed: ((UInt64) -> Bool)? = nil
  ) throws(StoreError) -> [Hit] {
    var best = BestHits(limit: limit)
    let watermark = state.manifest.watermark
    if watermark > 0 {
      try scanOriginals(1...watermark, into: &best, where: isAllowed)
    }
    for hit in tailScan.exactSearch(limit: limit, where: isAllowed) { best.insert(hit) }
    return best.sorted()
  }

  /// A missing segment's interval, from LMDB.
  private func scanInterval(of segment: SegmentView, limit: Int) throws(StoreError) -> [Hit] {
    var best = BestHits(limit: limit)
    try scanOriginals(segment.entry.firstDocID...segment.entry.lastDocID, into: &best, where: nil)
    return best.sorted()
  }

  private func scanOriginals(
    _ range: ClosedRange<UInt64>, into best: inout BestHits, where isAllowed: ((UInt64) -> Bool)?
  ) throws(StoreError) {
    var found = best
    try unsafe state.vectors?.forEach(docIDs: range, in: transaction) { docID, vector in
      if let isAllowed, !isAllowed(docID) { return true }
      unsafe found.insert(Hit(docID: docID, distance: exact.distance(to: vector), isExact: true))
      return true
    }
    best = found
  }
}

/// `withUnsafeBufferPointer` with a typed error.
@inline(__always)
private func withPointer(
  _ slice: ArraySlice<UInt64>, _ body: (UnsafeBufferPointer<UInt64>) throws(StoreError) -> Void
) throws(StoreError) {
  let outcome = unsafe slice.withUnsafeBufferPointer { buffer -> Result<Void, StoreError> in
    do throws(StoreError) { return unsafe .success(try body(buffer)) } catch {
      return .failure(error)
    }
  }
  try outcome.get()
}
