import VectorIndexes

/// What one version of the store sees of a segment.
struct SegmentView: Sendable {
  let entry: ManifestEntry
  /// nil when the file is missing or damaged: the interval is then scanned in LMDB until it is
  /// rebuilt.
  let handle: SegmentHandle?
  /// Rows that were deleted or replaced since the segment was built.
  var deleted: RowSet?
  /// `deleted` in the form that searches take; made once for each version.
  private(set) var filter: SearchFilter?

  init(entry: ManifestEntry, handle: SegmentHandle?, deleted: RowSet?) {
    self.entry = entry
    self.handle = handle
    self.deleted = deleted
    refreshFilter()
  }

  /// Brings `filter` up to date with `deleted`.
  mutating func refreshFilter() {
    let excluded = filter.map { Int(entry.rowCount) - $0.allowedCount } ?? 0
    guard excluded != (deleted?.count ?? 0) else { return }
    filter = deleted.map { SearchFilter(excluded: $0.words, rowCount: Int(entry.rowCount)) }
  }

  /// Whether the configuration asks for another kind, encoding or parameters than the segment has.
  func isOutdated(for configuration: CollectionConfiguration) -> Bool {
    handle.map { !configuration.isServed(by: $0.index) } ?? false
  }

  var liveCount: Int { Int(entry.rowCount) - (deleted?.count ?? 0) }
}
