import TestSupport
import Testing
import VectorIndexes
import VectorMath

/// Segments of 4-bit codes that keep bytes exactly.
@Suite struct FinerHalvesTests {
  private static let dimensions = 48

  /// Bytes around 20 centres, a few of them beyond what the cells reach.
  private func fixture() -> IndexFixture {
    let made = IndexFixture(.l2Squared, count: 1500, dimensions: Self.dimensions)
    var values = made.values.map { min(200, abs($0 * 30).rounded()) }
    for row in [3, 700, 1_400] { values[row * Self.dimensions + 5] = 255 }
    return IndexFixture(
      .l2Squared, docIDs: made.docIDs, values: values, dimensions: Self.dimensions)
  }

  @Test(arguments: [IndexKind.flat, .hnsw(.init(m: 10, efConstruction: 50))])
  func distancesNeedNoOriginals(kind: IndexKind) throws {
    let fixture = fixture()
    let index = try fixture.index(kind, .int4)
    #expect(index.reproducesOriginals)
    let scratch = SearchScratch()
    var found = 0
    for query in fixture.queries(30) {
      let exact = fixture.exact(query, limit: 10)
      let hits = index.search(
        SegmentQuery(metric: .l2Squared, vector: query), limit: 10, ef: 100, scratch: scratch)
      let distances = Dictionary(
        uniqueKeysWithValues: fixture.exact(query, limit: 1500).map { ($0.docID, $0.distance) })
      for hit in hits where hit.isExact { #expect(hit.distance == distances[hit.docID]) }
      found += hits.count { hit in hit.isExact && hit.distance <= exact[9].distance }
    }
    #expect(found >= 290, "\(found)")
  }

  @Test func whatTheCodesDoNotReachIsSaidToBeInexact() throws {
    let fixture = fixture()
    let index = try fixture.index(.flat, .int4)
    let scratch = SearchScratch()
    for row in [3, 700, 1_400] {
      let hits = index.search(
        SegmentQuery(metric: .l2Squared, vector: fixture.vector(row)), limit: 5, ef: 5,
        scratch: scratch)
      let own = try #require(hits.first { $0.docID == fixture.docIDs[row] })
      #expect(!own.isExact)
      #expect(hits.contains { $0.isExact })
    }
  }

  @Test func aChangeOfEncodingKeepsThemToo() throws {
    let fixture = fixture()
    let kind = IndexKind.hnsw(.init(m: 6, efConstruction: 30))
    let first = try fixture.index(kind, .int8)
    let index = try fixture.index(kind, .int4, base: first)
    #expect(index.reproducesOriginals && index.plan == .int4)
    let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(40))
    let found = index.search(query, limit: 1, ef: 40, scratch: SearchScratch())
    #expect(found.map(\.distance) == [0] && found.allSatisfy(\.isExact))
  }
}
