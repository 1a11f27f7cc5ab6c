import TestSupport
import Testing
import VectorIndexes
import VectorMath

@Suite struct FilterTests {
  let fixture = IndexFixture(.l2Squared, count: 1500, dimensions: 16)

  /// Allows the rows of DocIDs for which `allowed` is true.
  private func filter(_ index: SegmentIndex, _ allowed: (UInt64) -> Bool) -> SearchFilter {
    SearchFilter(
      allowed: fixture.docIDs.filter(allowed).compactMap { index.ordinal(ofDocID: $0) },
      rowCount: index.count)
  }

  @Test(arguments: [2, 3, 10, 50])
  func walkAndScanFindAllowedRowsOnly(_ oneIn: UInt64) throws {
    let index = try fixture.index(.hnsw(.init(m: 12, efConstruction: 80)), .int8)
    let allowed: (UInt64) -> Bool = { NodeHash.of($0) % oneIn == 0 }
    let filter = filter(index, allowed)
    #expect(filter.allowedCount == fixture.docIDs.filter(allowed).count)
    let scratch = SearchScratch()
    let queries = fixture.queries(20)
    for query in queries {
      let prepared = SegmentQuery(metric: .l2Squared, vector: query)
      let walked = index.search(prepared, limit: 10, ef: 60, filter: filter, scratch: scratch)
      #expect(walked.allSatisfy { allowed($0.docID) })
      let scanned = index.scan(prepared, limit: 14, filter: filter, scratch: scratch)
      #expect(scanned.count == min(14, filter.allowedCount))
      #expect(scanned.allSatisfy { allowed($0.docID) })
      #expect(
        fixture.recall(scanned, query, of: fixture.exact(query, limit: 10, where: allowed)) == 1)
    }
    if oneIn <= 10 {
      let recall = fixture.meanRecall(
        index, ef: 60, queries: queries, filter: filter, where: allowed)
      #expect(recall >= 0.97, "one in \(oneIn)")
    }
  }

  @Test func nothingAllowedFindsNothing() throws {
    let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(0))
    for kind in [IndexKind.flat, .hnsw(.init(m: 4, efConstruction: 20))] {
      let index = try fixture.index(kind, .int8)
      let none = filter(index) { _ in false }
      #expect(none.allowedCount == 0)
      let scratch = SearchScratch()
      #expect(index.search(query, limit: 5, ef: 20, filter: none, scratch: scratch).isEmpty)
      #expect(index.scan(query, limit: 5, filter: none, scratch: scratch).isEmpty)
      let one = filter(index) { $0 == 100 }
      #expect(index.scan(query, limit: 5, filter: one, scratch: scratch).map { $0.docID } == [100])
    }
  }

  @Test func allAllowedFindsWhatNoFilterFinds() throws {
    let index = try fixture.index(.hnsw(.init(m: 8, efConstruction: 40)), .int8)
    let all = SearchFilter(excluded: [], rowCount: index.count)
    #expect(all.allowedCount == index.count)
    let scratch = SearchScratch()
    for query in fixture.queries(10) {
      let prepared = SegmentQuery(metric: .l2Squared, vector: query)
      #expect(
        index.search(prepared, limit: 10, ef: 40, filter: all, scratch: scratch)
          == index.search(prepared, limit: 10, ef: 40, scratch: scratch))
    }
  }

  @Test func filtersOfAnySizeAreClipped() {
    let filter = SearchFilter(excluded: [~0, 1, ~0, ~0], rowCount: 70)
    #expect(filter.allowedCount == 5)
    #expect(!filter.allows(63) && !filter.allows(64) && filter.allows(65) && !filter.allows(70))
    #expect(!filter.allows(-1))
    #expect(SearchFilter(excluded: [], rowCount: 0).allowedCount == 0)
  }
}

/// Spreads DocIDs, so that filters do not follow their order.
enum NodeHash {
  static func of(_ docID: UInt64) -> UInt64 {
    var generator = SeededGenerator(seed: docID)
    return generator.next()
  }
}
