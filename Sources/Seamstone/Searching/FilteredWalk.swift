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

  // What walks cost for each unit of the beam, in allowed rows that a scan compares in the same time. Measured
  // on sift-100k and text-25k with int8 codes: a row of a scan is about 27 ns, a beam of 100 at half the rows
  // 270 µs, a walk among 5 to 20 % of the rows 1,000 µs. Distances of codes are so cheap that a look at the
  // links of excluded nodes costs as much.
  private static let sweepCost = 48.0
  private static let acornCost = 370.0
  /// A sweep keeps at most so many times the beam, whatever the share is.
  private static let widestSweep = 8.0

  /// Chooses by estimated cost; all three give good answers, at very different times.
  /// - Parameters:
  ///   - allowed: Rows of the segment that may be returned.
  ///   - rows: Rows of the segment.
  ///   - beam: The beam of a walk.
  static func choose(
    allowed: Int, rows: Int, beam: Int, planning: FilterPlanning
  ) -> FilteredWalk {
    // A walk would have to end at every one of them.
    if allowed <= beam { return .scan }
    let share = Double(allowed) / Double(max(rows, 1))
    let sweep = sweepCost * Double(beam) * min(1 / share, widestSweep)
    let acorn = acornCost * Double(beam)
    let sweeps = planning.strategy == .sweeping || share > sweepingShare || sweep < acorn
    let walk = sweeps ? sweep : acorn
    if allowed < planning.flatSearchCutoff, Double(allowed) < walk { return .scan }
    return sweeps ? .sweep : .acorn
  }
}
