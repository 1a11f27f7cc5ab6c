import StorageIO

/// Compares those of some candidates by their originals that may be among the best: first a few more than are wanted, then as
/// many as the errors of these show to be worth it.
struct RescoringPass {
  let limit: Int
  /// Whether the estimates are of what a transform left of the vectors. They are too small then, those of the best candidates
  /// more than those of the others, since that is how they came to be the best.
  let isReduced: Bool

  /// The best of `hits`, which are in order and at least `Rescoring.firstLook`. `compare` gives hits their exact distances, and
  /// tells the bound of them.
  func best(
    of hits: [Hit],
    compare: (ArraySlice<Hit>, inout RescoringBound) throws(StoreError) -> [Hit]
  ) throws(StoreError) -> [Hit] {
    var bound = RescoringBound()
    let first = Rescoring.firstLook(limit)
    var best = try compare(hits.prefix(first), &bound)
    var rest = hits.dropFirst(first)
    if isReduced {
      // No estimate says anything about these.
      best += rest.filter(\.isExact)
      rest = ArraySlice(rest.filter { !$0.isExact })
    }
    // What is learnt of candidates that err otherwise than the first ones counts soon. Each turn costs a descent to the
    // originals, so that turns get longer: with 128 of 384 components and `ef` 256 as many are compared as in turns of 14.
    var step = isReduced ? first : max(1, rest.count)
    let deviations = isReduced ? RescoringBound.reducedDeviations : RescoringBound.deviations
    while !rest.isEmpty {
      best.sort(by: Hit.isCloser)
      if best.count > limit { best.removeLast(best.count - limit) }
      let farthest = bound.farthestEstimate(
        beating: best.count < limit ? .infinity : best[limit - 1].distance, deviations: deviations)
      let worth = rest.prefix(step).prefix { $0.distance <= farthest }
      best += try compare(worth, &bound)
      rest = worth.count < step ? [] : rest.dropFirst(step)
      step *= 2
    }
    best.sort(by: Hit.isCloser)
    return Array(best.prefix(limit))
  }
}
