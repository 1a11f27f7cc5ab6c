/// How one segment is searched under an allow-list.
enum FilteredWalk: Equatable {
  /// The codes of the allowed rows are compared one after the other.
  case scan
  /// Every node is walked, allowed ones are kept.
  case sweep
  /// Only allowed nodes are walked.
  case acorn

  /// Above this share of allowed rows excluded ones hardly hinder the walk.
  static let sweepingShare = 0.4

  /// Chooses by estimated cost; all three give good answers, at very different times.
  /// - Parameters:
  ///   - allowed: Rows of the segment that may be returned.
  ///   - rows: Rows of the segment.
  ///   - beam: The beam of a walk.
  static func choose(
    allowed: Int, rows: Int, beam: Int, planning: FilterPlanning
  ) -> FilteredWalk {
    if allowed < min(planning.flatSearchCutoff, crossover(allowed: allowed, rows: rows, beam: beam))
    {
      return .scan
    }
    let share = Double(allowed) / Double(max(rows, 1))
    return planning.strategy == .sweeping || share > sweepingShare ? .sweep : .acorn
  }

  /// Allowed rows below which comparing them all is quicker than a walk.
  static func crossover(allowed: Int, rows: Int, beam: Int) -> Int { 200 * beam }
}
