import SegmentFiles
import StorageIO
import VectorMath

/// An index of a registered kind: it proposes rows, which are compared as those of every other kind are. Where its
/// kind is not registered, or cannot open its bytes, all rows are compared.
struct CustomStructure: IndexStructure {
  let parameters: CustomParameters
  /// Nil where the kind is not registered.
  let searcher: (any CustomSearcher)?

  var kind: IndexKind { .custom(parameters) }

  init(_ source: StructureSource) throws(StoreError) {
    let sections = source.sections
    let record = try sections.require(.kind, bytes: CustomRecord.byteCount)
    guard let parameters = CustomRecord.parameters(record) else {
      throw sections.damaged(.kind, "names no kind")
    }
    self.parameters = parameters
    let bytes = try sections.require(.custom, bytes: 0)
    guard let engine = source.engines[parameters.name] else {
      searcher = nil
      return
    }
    searcher = try engine.open(
      bytes, owner: sections,
      shape: CustomShape(
        count: source.count, dimensions: source.codec.dimensions, metric: source.codec.metric,
        settings: parameters.settings))
  }

  func search(
    _ index: SegmentIndex, _ query: SegmentQuery, limit: Int, ef: Int, filter: SearchFilter?,
    scratch: SearchScratch
  ) -> [Candidate] {
    let prepared = index.codec.prepare(query, scratch)
    let wanted = min(index.shortlist(limit), filter?.allowedCount ?? index.count)
    guard propose(index, query, limit: wanted, ef: ef, filter, scratch) >= min(limit, wanted) else {
      return index.scan(query, limit: limit, filter: filter, scratch: scratch)
    }
    let entries = LoggedRows.best(index, prepared, count: wanted, scratch)
    return index.candidates(of: entries, query, prepared, limit: limit, scratch)
  }

  func nearest(
    _ index: SegmentIndex, _ query: SegmentQuery, _ prepared: PreparedQuery, count: Int,
    scratch: SearchScratch
  ) -> [UInt64] {
    _ = propose(index, query, limit: count, ef: 200, nil, scratch)
    return LoggedRows.best(index, prepared, count: count, scratch)
  }

  /// Leaves proposed rows in the log of the beam, each once and only those that may be; returns how many.
  private func propose(
    _ index: SegmentIndex, _ query: SegmentQuery, limit: Int, ef: Int, _ filter: SearchFilter?,
    _ scratch: SearchScratch
  ) -> Int {
    let beam = scratch.beam
    beam.prepare(nodes: index.count, entries: 1, batch: LoggedRows.batch)
    guard let searcher else { return 0 }
    let proposed = searcher.candidates(near: query.vector, limit: limit, ef: max(ef, limit)) {
      filter?.allows($0) ?? ($0 >= 0 && $0 < index.count)
    }
    for row in proposed where row >= 0 && row < index.count && filter?.allows(row) ?? true {
      let bit = UInt64(1) << UInt64(row & 63)
      if beam.visited[row >> 6] & bit != 0 { continue }
      beam.visited[row >> 6] |= bit
      beam.log[beam.logged] = UInt32(truncatingIfNeeded: row)
      beam.logged += 1
    }
    return beam.logged
  }

  /// Its bytes are its own business.
  func findings(_ index: SegmentIndex) -> [String] { [] }
}
