import VectorIndexes

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

  // What walks cost for each unit of the beam, in nanoseconds: measured by `WalkBench` on 300,000 rows of sift-1m
  // with int8, pq, rabitq and float32 rows. A sweep steps over excluded nodes, so its cost grows with their
  // share; most of a walk is steps, and little depends on how dear a comparison is.
  private static let sweepStep = 780.0
  private static let sweepComparisons = 14.0
  private static let acornStep = 8_000.0
  /// Below this share a sweep's pool, which is bounded, would hold too few allowed rows.
  private static let leastSweptShare = 0.15

  /// Chooses by estimated cost; all three give good answers, at very different times.
  /// - Parameters:
  ///   - allowed: Rows of the segment that may be returned.
  ///   - rows: Rows of the segment.
  ///   - beam: The beam of a walk.
  ///   - rowCost: Nanoseconds that a scan takes for a row.
  static func choose(
    allowed: Int, rows: Int, beam: Int, rowCost: Double, planning: FilterPlanning
  ) -> FilteredWalk {
    // A walk would have to end at every one of them.
    if allowed <= beam { return .scan }
    let share = Double(allowed) / Double(max(rows, 1))
    let sweep = (sweepStep + sweepComparisons * rowCost) * Double(beam) / max(share, 0.125)
    let acorn = acornStep * Double(beam)
    let isShort = sweep < acorn && share >= leastSweptShare
    let sweeps = planning.strategy == .sweeping || share > sweepingShare || isShort
    let walk = sweeps ? sweep : acorn
    if allowed < planning.flatSearchCutoff, Double(allowed) * rowCost < walk { return .scan }
    return sweeps ? .sweep : .acorn
  }
}

extension EncodingPlan {
  /// Nanoseconds, about, that a scan takes for a row; measured by `WalkBench` on sift-1m (128 dimensions, 64
  /// subvectors), and in proportion for others.
  func scanCost(dimensions: Int) -> Double {
    let perComponent: Double =
      switch self {
      case .float32: 0.2
      case .float16: 0.1
      case .int8, .int4, .binary, .rabitq: 0.04
      case .bits: 0.02
      case .pq(let plan): 0.28 * Double(plan.subvectors) / Double(max(1, dimensions))
      }
    return max(3, perComponent * Double(dimensions))
  }
}
