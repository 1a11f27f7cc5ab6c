import StorageIO
import TestSupport
import Testing

@testable import Seamstone

/// Which candidates are compared by their originals.
@Suite struct RescoringPassTests {
  /// Candidates whose distances are known, in the order of their estimates.
  private struct Candidates {
    var hits: [Hit] = []
    var exact: [UInt64: Float] = [:]

    mutating func add(estimate: Float, exact distance: Float) {
      let docID = UInt64(hits.count + 1)
      exact[docID] = distance
      hits.append(Hit(docID: docID, distance: estimate, isExact: false))
    }

    /// The best by a pass, and how many were compared.
    func best(_ limit: Int, isReduced: Bool) throws -> (hits: [Hit], looks: Int) {
      var looks = 0
      let found = try RescoringPass(limit: limit, isReduced: isReduced).best(
        of: hits.sorted(by: Hit.isCloser)
      ) { (part, bound) throws(StoreError) in
        part.map { hit in
          guard !hit.isExact, let distance = exact[hit.docID] else { return hit }
          looks += 1
          bound.add(estimate: hit.distance, exact: distance)
          return Hit(docID: hit.docID, distance: distance, isExact: true)
        }
      }
      return (found, looks)
    }
  }

  /// Distances of reduced vectors leave out a sum of squares that grows with the distance.
  @Test func whereComponentsAreLeftOutHardlyAnyOfTheNearestIsPassedOver() throws {
    let seed: UInt64 = 5
    var random = SeededGenerator(seed: seed)
    var (found, looks) = (0, 0)
    for _ in 0..<200 {
      var candidates = Candidates()
      for _ in 0..<200 {
        let distance = Float.random(in: 0.2...1, using: &random)
        let kept = 0.8 + 0.03 * random.gaussian()
        candidates.add(estimate: distance * kept, exact: distance)
      }
      let tenth = candidates.exact.values.sorted()[9]
      let best = try candidates.best(10, isReduced: true)
      found += best.hits.count { $0.distance <= tenth }
      looks += best.looks
    }
    #expect(found >= 1_998, "\(found) of 2,000, seed \(seed)")
    #expect(looks < 200 * 60, "\(looks), seed \(seed)")
  }

  /// Exact distances beside estimates that are too small: they come late in the order, and belong to the best.
  @Test func exactDistancesBesideEstimatesThatAreTooSmallAreNotPassedOver() throws {
    var candidates = Candidates()
    for number in 0..<60 {
      let distance = 2 + Float(number) / 100
      candidates.add(estimate: distance - 1, exact: distance)
    }
    for number in 0..<4 {
      candidates.hits.append(
        Hit(docID: UInt64(1_000 + number), distance: 2.001 + Float(number) / 1_000, isExact: true))
    }
    let best = try candidates.best(10, isReduced: true)
    #expect(best.hits.map(\.docID) == [1, 1_000, 1_001, 1_002, 1_003, 2, 3, 4, 5, 6])
    #expect(best.looks < 30)
  }

  /// The first candidates err alike, the next ones otherwise: what is learnt of these widens the bound.
  @Test func whatIsLearntOnTheWayCounts() throws {
    var candidates = Candidates()
    for number in 0..<40 {
      let distance = 2 + Float(number) / 1_000
      candidates.add(estimate: distance - (number % 2 == 0 ? 0.5 : 0.51), exact: distance)
    }
    candidates.add(estimate: 1.52, exact: 1.6)
    candidates.add(estimate: 1.59, exact: 1.5)
    let best = try candidates.best(10, isReduced: true)
    #expect(best.hits.first?.distance == 1.5)
  }

  @Test func otherEstimatesAreLookedAtTwice() throws {
    var candidates = Candidates()
    for number in 0..<50 { candidates.add(estimate: Float(number), exact: Float(number) + 0.25) }
    let best = try candidates.best(3, isReduced: false)
    #expect(best.hits.map(\.docID) == [1, 2, 3] && best.looks == Rescoring.firstLook(3))
  }
}
