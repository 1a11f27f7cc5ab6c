import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

@Suite struct SearchTests {
  static let pairs: [(Metric, EncodingPlan)] = Metric.allCases.flatMap { metric in
    [EncodingPlan.float32, .int8].compactMap { encoding in
      metric == .hamming && encoding == .int8 ? nil : (metric, encoding)
    }
  }

  @Test(arguments: pairs)
  func graphFindsTheNearest(_ metric: Metric, _ encoding: EncodingPlan) throws {
    let fixture = IndexFixture(metric, count: 1500, dimensions: 24)
    let index = try fixture.index(.hnsw(.init(m: 12, efConstruction: 80)), encoding)
    #expect(index.count == 1500)
    #expect(index.kind == .hnsw(.init(m: 12, efConstruction: 80)))
    let recall = fixture.meanRecall(index, queries: fixture.queries(30))
    #expect(recall >= 0.98, "\(metric) \(encoding)")
  }

  @Test(arguments: pairs)
  func flatFindsTheNearest(_ metric: Metric, _ encoding: EncodingPlan) throws {
    let fixture = IndexFixture(metric, count: 700, dimensions: 20)
    let index = try fixture.index(.flat, encoding)
    let queries = fixture.queries(20)
    #expect(fixture.meanRecall(index, queries: queries) >= 0.995, "\(metric) \(encoding)")
    guard encoding == .float32 else { return }
    let scratch = SearchScratch()
    for query in queries {
      let found = index.scan(
        SegmentQuery(metric: metric, vector: query), limit: 10, scratch: scratch)
      let exact = fixture.exact(query, limit: 10)
      if metric == .cosine {
        #expect(found.map { $0.docID } == exact.map { $0.docID })
      } else {
        #expect(found == exact)
      }
    }
  }

  /// Few rows are the answer to most queries; only in the augmented space do links lead to them.
  @Test(arguments: [EncodingPlan.float32, .int8])
  func largestProductsAreFoundWhereNormsDiffer(_ encoding: EncodingPlan) throws {
    var fixture = IndexFixture(.dot, count: 3000, dimensions: 16)
    var generator = SeededGenerator(seed: 5)
    for row in 0..<3000 {
      let scale = Float.random(in: 0.1...1, using: &generator)
      for i in 0..<16 { fixture.values[row * 16 + i] *= scale * scale }
    }
    let index = try fixture.index(.hnsw(.init(m: 8, efConstruction: 60)), encoding)
    let queries = (0..<40).map { _ in (0..<16).map { _ in generator.gaussian() } }
    let recall = fixture.meanRecall(index, ef: 30, queries: queries)
    #expect(recall >= 0.95, "\(recall)")
    // With a filter, the starting points alone are more than the beam holds.
    let odd = SearchFilter(
      allowed: fixture.docIDs.filter { $0 % 2 == 1 }.compactMap { index.ordinal(ofDocID: $0) },
      rowCount: index.count)
    let filtered = fixture.meanRecall(
      index, ef: 30, queries: queries, filter: odd, where: { $0 % 2 == 1 })
    #expect(filtered >= 0.95, "\(filtered)")
  }

  @Test func wholeNumbersComeBackExact() throws {
    var fixture = IndexFixture(.l2Squared, count: 400, dimensions: 16)
    fixture.values = fixture.values.map { max(0, min(255, ($0 * 40 + 100).rounded())) }
    for kind in [IndexKind.flat, .hnsw(.init(m: 8, efConstruction: 40))] {
      let index = try fixture.index(kind, .int8)
      #expect(index.reproducesOriginals)
      let query = fixture.vector(17)
      let found = index.search(
        SegmentQuery(metric: .l2Squared, vector: query), limit: 5, ef: 400,
        scratch: SearchScratch())
      #expect(found == fixture.exact(query, limit: 5))
    }
  }

  @Test func answersAreSortedAndNeverRepeat() throws {
    let fixture = IndexFixture(.cosine, count: 800, dimensions: 12)
    let index = try fixture.index(.hnsw(.init(m: 8, efConstruction: 40)), .int8)
    let scratch = SearchScratch()
    for query in fixture.queries(10) {
      let found = index.search(
        SegmentQuery(metric: .cosine, vector: query), limit: 40, ef: 10, scratch: scratch)
      #expect(found.count == 40)
      #expect(found == found.sorted())
      #expect(Set(found.map { $0.docID }).count == found.count)
    }
  }

  @Test func residentCopyAnswersTheSame() throws {
    let fixture = IndexFixture(.l2Squared, count: 600, dimensions: 16)
    let index = try fixture.index(.hnsw(.init(m: 8, efConstruction: 40)), .int8)
    let scratch = SearchScratch()
    let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(3))
    let before = index.search(query, limit: 20, ef: 50, scratch: scratch)
    #expect(index.residentBytes == 0)
    try index.makeResident()
    try index.makeResident()
    #expect(index.residentBytes == index.rowBytes)
    #expect(index.search(query, limit: 20, ef: 50, scratch: scratch) == before)
  }

  @Test func rowsAndDocIDsMapBothWays() throws {
    let fixture = IndexFixture(.l2Squared, count: 300, dimensions: 8)
    for kind in [IndexKind.flat, .hnsw(.init(m: 4, efConstruction: 20))] {
      let index = try fixture.index(kind, .int8)
      var seen = Set<Int>()
      for docID in fixture.docIDs {
        let row = try #require(index.ordinal(ofDocID: docID))
        #expect(index.docID(ofOrdinal: row) == docID)
        seen.insert(row)
        #expect(index.ordinal(ofDocID: docID + 1) == nil)
      }
      #expect(seen.count == 300)
      #expect(index.ordinal(ofDocID: 0) == nil)
      #expect(index.ordinal(ofDocID: .max) == nil)
      #expect(index.docID(ofOrdinal: -1) == nil)
      #expect(index.docID(ofOrdinal: 300) == nil)
    }
  }

  @Test func queriesOfOtherDimensionsFindNothing() throws {
    let fixture = IndexFixture(.l2Squared, count: 50, dimensions: 8)
    let index = try fixture.index(.flat, .int8)
    let query = SegmentQuery(metric: .l2Squared, vector: [1, 2, 3])
    #expect(index.search(query, limit: 5, ef: 10, scratch: SearchScratch()).isEmpty)
    let right = SegmentQuery(metric: .l2Squared, vector: fixture.vector(0))
    #expect(index.search(right, limit: 0, ef: 10, scratch: SearchScratch()).isEmpty)
    #expect(index.scan(right, limit: .max, scratch: SearchScratch()).count == 50)
    #expect(index.search(right, limit: .max, ef: .max, scratch: SearchScratch()).count == 50)
  }
}
