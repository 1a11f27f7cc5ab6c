import TestSupport
import Testing
import VectorIndexes
import VectorMath

/// Many queries at a time get the answers that each gets by itself.
@Suite struct ScanManyTests {
  private static let plans: [EncodingCase] =
    SearchTests.pairs.map {
      EncodingCase(plan: $0.1, metric: $0.0, depth: 14, recall: 0.99)
    } + EncodingCase.some.filter { !$0.plan.isScannedFast }

  /// Counts that end within a block of rows, and queries that end within a block of queries.
  @Test(arguments: plans)
  func answersAreThoseOfOneQueryAtATime(_ encoding: EncodingCase) throws {
    let fixture = IndexFixture(encoding.metric, count: 1_031, dimensions: 27, seed: 41)
    guard let plan = encoding.plan.fitting(27) else { return }
    let index = try fixture.index(.flat, plan)
    #expect(index.isScanned)
    let queries = fixture.queries(9, seed: 42).map {
      SegmentQuery(metric: encoding.metric, vector: $0)
    }
    let few = SearchFilter(allowed: [3, 4, 500, 1_030], rowCount: index.count)
    let most = SearchFilter(
      allowed: (0..<index.count).filter { $0 % 5 != 0 }, rowCount: index.count)
    let scratch = SearchScratch()
    for filter in [nil, few, most] {
      let many = index.scanMany(queries, limit: 7, filter: filter, scratch: scratch)
      #expect(many.count == queries.count)
      for (query, found) in zip(queries, many) {
        let alone = index.scan(query, limit: 7, filter: filter, scratch: scratch)
        #expect(found == alone, "\(encoding), seed 41")
        #expect(found.count == min(7, filter?.allowedCount ?? 7))
      }
    }
  }

  @Test func equalRowsComeInTheOrderOfTheirDocIDs() throws {
    let row = (0..<20).map { Float($0) / 7 }
    let fixture = IndexFixture(
      .l2Squared, docIDs: (1...500).map { UInt64($0) },
      values: Array((0..<500).map { _ in row }.joined()), dimensions: 20)
    let index = try fixture.index(.flat, .float32)
    let queries = [row, row.map { $0 + 1 }, row].map {
      SegmentQuery(metric: .l2Squared, vector: $0)
    }
    for found in index.scanMany(queries, limit: 60, scratch: SearchScratch()) {
      #expect(found.map(\.docID) == (1...60).map { UInt64($0) })
    }
  }

  @Test func aQueryOfOtherDimensionsIsAnsweredWithNothing() throws {
    let fixture = IndexFixture(.cosine, count: 100, dimensions: 8)
    let index = try fixture.index(.flat, .float32)
    let queries = [fixture.vector(3), [1, 2], fixture.vector(9)].map {
      SegmentQuery(metric: .cosine, vector: $0)
    }
    let found = index.scanMany(queries, limit: 1, scratch: SearchScratch())
    #expect(found.map { $0.map(\.docID) } == [[fixture.docIDs[3]], [], [fixture.docIDs[9]]])
    #expect(index.scanMany([], limit: 1, scratch: SearchScratch()).isEmpty)
    #expect(
      index.scanMany(queries, limit: 0, scratch: SearchScratch()) == [[], [], []])
  }
}

extension EncodingPlan {
  /// The same with as many subvectors as `dimensions` can have; nil where another number has been tried.
  fileprivate func fitting(_ dimensions: Int) -> EncodingPlan? {
    guard case .pq(let product) = self else { return self }
    return product.centroids == 64 ? .pq(.init(subvectors: 9, centroids: 64)) : nil
  }
}
