import StorageIO
import VectorMath

/// A forest of random-projection trees, as Annoy has them (Bernhardsson, 2013), in arrays instead of nodes: candidates
/// come from all trees by one queue and are compared by their rows.
struct AnnoyIndex: IndexStructure {
  let forest: ForestView

  init(_ source: StructureSource) throws(StoreError) {
    forest = try ForestView(
      source.sections,
      planeStride: AnnoyIndex.planeStride(source.codec.metric, source.codec.dimensions))
  }

  /// Bytes from plane to plane: splits under hamming have none.
  static func planeStride(_ metric: Metric, _ dimensions: Int) -> Int {
    metric == .hamming ? 0 : RowLayout.denseStride(bytes: dimensions)
  }

  var kind: IndexKind {
    .annoy(AnnoyParameters(trees: forest.layout.roots.count, seed: forest.layout.seed))
  }

  /// `ef` is Annoy's search_k: candidates of all trees together, those that several propose counted as often.
  func search(
    _ index: SegmentIndex, _ query: SegmentQuery, limit: Int, ef: Int, filter: SearchFilter?,
    scratch: SearchScratch
  ) -> [Candidate] {
    if let filter, filter.allowedCount <= max(ef, limit) {
      // There are no more than the trees would propose.
      return index.scan(query, limit: limit, filter: filter, scratch: scratch)
    }
    let prepared = index.codec.prepare(query, scratch)
    let nodes = min(index.shortlist(limit), filter?.allowedCount ?? index.count)
    collect(index, query, wanted: ef, least: nodes, filter, scratch)
    if scratch.beam.logged < min(limit, filter?.allowedCount ?? index.count) {
      // Only where the file is damaged: every tree names every row.
      return index.scan(query, limit: limit, filter: filter, scratch: scratch)
    }
    let entries = LoggedRows.best(index, prepared, count: nodes, scratch)
    return index.candidates(of: entries, query, prepared, limit: limit, scratch)
  }

  /// All rows that the trees name, so that the self-check of a build sees whether any is missing.
  func nearest(
    _ index: SegmentIndex, _ query: SegmentQuery, _ prepared: PreparedQuery, count: Int,
    scratch: SearchScratch
  ) -> [UInt64] {
    collect(index, query, wanted: .max, least: count, nil, scratch)
    return LoggedRows.best(index, prepared, count: count, scratch)
  }

  /// Leaves candidates in the log of the scratch's beam.
  private func collect(
    _ index: SegmentIndex, _ query: SegmentQuery, wanted: Int, least: Int, _ filter: SearchFilter?,
    _ scratch: SearchScratch
  ) {
    let width = forest.layout.planeStride
    scratch.forest.prepare(queryBytes: max(64, width))
    let query = ForestQuery(query, width: width, memory: scratch.forest.query)
    func walk(_ excluded: UnsafePointer<UInt64>?, _ rows: Int) {
      ForestWalk(
        forest: forest, query: query, queue: scratch.forest, beam: scratch.beam, rowCount: rows,
        excluded: excluded
      ).collect(wanted: wanted, least: least)
    }
    guard let filter else { return walk(nil, index.count) }
    filter.words.withUnsafeBufferPointer { walk($0.baseAddress, min(filter.rowCount, index.count)) }
  }

  func findings(_ index: SegmentIndex) -> [String] {
    ForestCheck(forest: forest, rowCount: index.count).findings()
  }
}
