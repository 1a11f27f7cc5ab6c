import Testing
import VectorIndexes

@testable import Seamstone

@Suite("How a segment is searched under a filter")
struct FilteredWalkTests {
  private func choose(
    _ allowed: Int, of rows: Int, beam: Int = 100, _ planning: FilterPlanning = FilterPlanning(),
    _ encoding: EncodingPlan = .int8
  ) -> FilteredWalk {
    FilteredWalk.choose(
      allowed: allowed, rows: rows, beam: beam, rowCost: encoding.scanCost(dimensions: 128),
      planning: planning)
  }

  @Test("Few matches are scanned, many are walked")
  func byNumber() {
    #expect(choose(1, of: 1_000_000) == .scan)
    #expect(choose(10_000, of: 100_000) == .scan)
    #expect(choose(10_000, of: 12_000) == .scan)
    #expect(choose(39_000, of: 39_500) == .sweep)
    #expect(choose(990_000, of: 1_000_000) == .sweep)
    #expect(choose(100_000, of: 1_000_000) == .acorn)
    #expect(choose(100_000, of: 1_000_000, .init(strategy: .sweeping)) == .sweep)
  }

  @Test("The cutoff bounds scans from above; without one only hopeless walks are scans")
  func cutoff() {
    #expect(choose(30_000, of: 1_000_000) == .scan)
    #expect(choose(30_000, of: 1_000_000, .init(flatSearchCutoff: 20_000)) == .acorn)
    #expect(choose(39_999, of: 10_000_000, beam: 1_000) == .scan)
    #expect(choose(40_000, of: 10_000_000, beam: 1_000) == .acorn)
    #expect(choose(101, of: 100_000, .init(flatSearchCutoff: 0)) == .acorn)
    #expect(choose(100, of: 100_000, .init(flatSearchCutoff: 0)) == .scan)
  }

  @Test("A wider beam makes scans worth more")
  func beams() {
    #expect(choose(20_000, of: 40_000, beam: 32) == .sweep)
    #expect(choose(20_000, of: 40_000, beam: 100) == .scan)
  }

  @Test("The dearer a row is to compare, the sooner a walk pays")
  func encodings() {
    let pq = EncodingPlan.pq(ProductPlan(subvectors: 64))
    #expect(choose(10_000, of: 12_000, .init(), pq) == .sweep)
    #expect(choose(10_000, of: 12_000, .init(), .float32) == .sweep)
    #expect(choose(10_000, of: 12_000, .init(), .rabitq(bits: 4, seed: 1)) == .scan)
    #expect(choose(35_000, of: 350_000, .init(), .float32) == .acorn)
    #expect(choose(35_000, of: 350_000, .init(), .int8) == .scan)
  }
}
