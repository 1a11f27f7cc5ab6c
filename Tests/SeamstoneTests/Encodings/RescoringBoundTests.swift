import TestSupport
import Testing

@testable import Seamstone

@Suite struct RescoringBoundTests {
  @Test func aConstantErrorIsTakenAway() {
    var bound = RescoringBound()
    for exact in [Float(1), 2, 3, 4] { bound.add(estimate: exact + 0.5, exact: exact) }
    #expect(bound.farthestEstimate(beating: 4) == 4.5)
  }

  @Test func theBoundIsSoManyDeviationsAway() {
    var bound = RescoringBound()
    for error in [Float(-1), 1, -1, 1] { bound.add(estimate: 10 + error, exact: 10) }
    // The variance of ±1 is 4/3 of a sample of four.
    let wanted = 20 + Float(RescoringBound.deviations * (4.0 / 3).squareRoot())
    #expect(abs(bound.farthestEstimate(beating: 20) - wanted) < 1e-5)
  }

  @Test func withoutEnoughToGoByEverythingIsCompared() {
    var bound = RescoringBound()
    #expect(bound.farthestEstimate(beating: 1) == .infinity)
    bound.add(estimate: 1, exact: 1)
    #expect(bound.farthestEstimate(beating: 1) == .infinity)
    bound.add(estimate: .infinity, exact: 1)
    bound.add(estimate: .nan, exact: 1)
    #expect(bound.farthestEstimate(beating: 1) == .infinity)
  }

  /// Of candidates whose estimates err normally, hardly any of the nearest is passed over.
  @Test func hardlyAnyOfTheNearestIsPassedOver() {
    let seed: UInt64 = 77
    var random = SeededGenerator(seed: seed)
    var found = 0
    var looks = 0
    for _ in 0..<300 {
      let all = (0..<100).map { _ -> (estimate: Float, exact: Float) in
        let exact = Float.random(in: 1...2, using: &random)
        return (exact + 0.05 * random.gaussian(), exact)
      }.sorted { $0.estimate < $1.estimate }
      var bound = RescoringBound()
      for candidate in all[..<14] {
        bound.add(estimate: candidate.estimate, exact: candidate.exact)
      }
      let tenth = all[..<14].map(\.exact).sorted()[9]
      let farthest = bound.farthestEstimate(beating: tenth)
      let seen = all[..<14] + all[14...].prefix { $0.estimate <= farthest }
      let best = all.map(\.exact).sorted()[9]
      found += seen.count { $0.exact <= best }
      looks += seen.count
    }
    #expect(found >= 2_985, "\(found) of 3,000, seed \(seed)")
    #expect(looks < 300 * 60, "\(looks), seed \(seed)")
  }
}
