/// Decides how wide the beam is in each segment: the two-pass scheme that Lucene and Qdrant arrived
/// at. A segment that holds the share p of the vectors is first searched with
/// `b·p + λ·√(b·p·(1 − p))`, enough to hold its part of the answer with high probability; a segment
/// whose worst hit still beats the merged k-th is then searched again with the full beam. The result
/// depends on the data only, never on timing.
struct BeamPlan {
  /// λ: how many standard deviations of luck the first pass allows for.
  static let deviations = 4.0
  /// No beam is narrower than this (or than the number of results).
  static let narrowest = 24

  /// The first pass's beam in a segment of `rows` out of `total`.
  static func firstBeam(full: Int, limit: Int, rows: Int, total: Int) -> Int {
    guard total > rows, rows > 0 else { return full }
    let share = Double(rows) / Double(total)
    let expected = Double(full) * share
    let beam = expected + deviations * (expected * (1 - share)).squareRoot()
    return min(max(Int(beam.rounded(.up)), narrowest, limit), max(full, limit))
  }
}
