import TestSupport
import Testing
import VectorMath

@testable import VectorIndexes

@Suite struct AllowedWalkTests {
  private let queries = 20

  /// Mean recall of the walk among the rows whose DocIDs are allowed, at most `ef` of them kept.
  private func recall(
    _ fixture: IndexFixture, _ index: SegmentIndex, ef: Int, near queries: [[Float]],
    _ allowed: (UInt64) -> Bool
  ) -> Double {
    let ids = fixture.docIDs.filter(allowed)
    let filter = index.filter(docIDs: ids, allowsListed: true, deleted: nil)
    #expect(filter.allowedCount == ids.count)
    let scratch = SearchScratch()
    var sum = 0.0
    for query in queries {
      let found = index.searchAllowed(
        SegmentQuery(metric: fixture.metric, vector: query), limit: 14, ef: ef, filter: filter,
        scratch: scratch)
      #expect(
        found.allSatisfy { allowed($0.docID) } && Set(found.map(\.docID)).count == found.count)
      sum += fixture.recall(found, query, of: fixture.exact(query, limit: 10, where: allowed))
    }
    return sum / Double(queries.count)
  }

  @Test(arguments: [Metric.l2Squared, .cosine, .dot], [2, 5, 20] as [UInt64])
  func findsWhatIsAllowedByChance(metric: Metric, oneIn: UInt64) throws {
    let fixture = IndexFixture(metric, count: 2_000, dimensions: 16)
    let index = try fixture.index(.hnsw(.init(m: 16, efConstruction: 80)), .int8)
    let mean = recall(fixture, index, ef: 80, near: fixture.queries(queries)) {
      NodeHash.of($0) % oneIn == 0
    }
    #expect(mean >= 0.95, "\(metric), one in \(oneIn): \(mean)")
  }

  /// The allowed rows are the ones nearest to a point; the queries are there, or as far as possible.
  @Test(arguments: [true, false])
  func findsAllowedClusters(isNear: Bool) throws {
    let fixture = IndexFixture(.l2Squared, count: 2_000, dimensions: 16)
    let index = try fixture.index(.hnsw(.init(m: 16, efConstruction: 80)), .int8)
    let centre = fixture.vector(0)
    let ordered = fixture.exact(centre, limit: 2_000).map(\.docID)
    let allowed = Set(ordered.prefix(200))
    let near = isNear ? allowed : Set(ordered.suffix(200))
    let queries = fixture.docIDs.indices.filter { near.contains(fixture.docIDs[$0]) }
      .prefix(self.queries).map { fixture.vector($0) }
    let mean = recall(fixture, index, ef: 80, near: Array(queries)) { allowed.contains($0) }
    #expect(mean >= 0.95, "\(mean)")
  }

  @Test func rowsThatHangOnExcludedNodesAreFound() throws {
    // Three copies of each vector: two hang on the node of the first.
    let base = IndexFixture(.l2Squared, count: 300, dimensions: 8)
    let values = base.values + base.values + base.values
    let fixture = IndexFixture(
      .l2Squared, docIDs: Array(1...900), values: values, dimensions: 8)
    let index = try fixture.index(.hnsw(.init(m: 8, efConstruction: 40)), .int8)
    let mean = recall(fixture, index, ef: 60, near: base.queries(queries)) { $0 > 600 }
    #expect(mean >= 0.95, "\(mean)")
  }

  @Test func aScratchForgetsNodesThatWereOnlyPassed() throws {
    let fixture = IndexFixture(.l2Squared, count: 1_000, dimensions: 8)
    let index = try fixture.index(.hnsw(.init(m: 8, efConstruction: 40)), .int8)
    let some = index.filter(
      docIDs: fixture.docIDs.filter { NodeHash.of($0) % 10 == 0 }, allowsListed: true, deleted: nil)
    let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(5))
    let used = SearchScratch()
    _ = index.searchAllowed(query, limit: 10, ef: 60, filter: some, scratch: used)
    let again = index.search(query, limit: 10, ef: 60, scratch: used)
    #expect(again == index.search(query, limit: 10, ef: 60, scratch: SearchScratch()))
  }

  /// Excluded rows around the query must not end the walk before the allowed ones are reached.
  @Test func aSweepThatEndsAmongExcludedRowsIsDoneAgain() throws {
    let fixture = IndexFixture(.l2Squared, count: 4_000, dimensions: 16)
    let index = try fixture.index(.hnsw(.init(m: 8, efConstruction: 60)), .int8)
    var found = 0
    for query in fixture.queries(20) {
      let nearest = Set(fixture.exact(query, limit: 2_400).map(\.docID))
      let allowed = fixture.docIDs.filter { !nearest.contains($0) }
      let filter = SearchFilter(
        allowed: allowed.compactMap { index.ordinal(ofDocID: $0) }, rowCount: index.count)
      let truth = fixture.exact(query, limit: 10) { !nearest.contains($0) }
      let hits = index.search(
        SegmentQuery(metric: .l2Squared, vector: query), limit: 14, ef: 20, filter: filter,
        scratch: SearchScratch())
      #expect(hits.count == 14 && hits.allSatisfy { !nearest.contains($0.docID) })
      let wanted = Set(truth.map(\.docID))
      found += hits.filter { wanted.contains($0.docID) }.count
    }
    #expect(found >= 140, "\(found) of 200")
  }

  @Test func nothingAllowedFindsNothing() throws {
    let fixture = IndexFixture(.l2Squared, count: 500, dimensions: 8)
    let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(0))
    for kind in [IndexKind.flat, .hnsw(.init(m: 4, efConstruction: 20))] {
      let index = try fixture.index(kind, .int8)
      let none = index.filter(docIDs: [], allowsListed: true, deleted: nil)
      #expect(
        index.searchAllowed(query, limit: 5, ef: 20, filter: none, scratch: SearchScratch()).isEmpty
      )
    }
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func filtersFromListsAndBitmapsAgree(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let fixture = IndexFixture(.l2Squared, count: 300, dimensions: 4, seed: seed)
    let index = try fixture.index(.hnsw(.init(m: 4, efConstruction: 20)), .int8)
    for _ in 0..<20 {
      let first = UInt64.random(in: 0...200, using: &random)
      let size = Int.random(in: 1...20, using: &random)
      let bitmap = (0..<size).map { _ in random.next() & random.next() }
      let deleted = (0..<5).map { _ in random.next() & random.next() & random.next() }
      let listed = (0..<size * 64).filter { bitmap[$0 >> 6] >> UInt64($0 & 63) & 1 == 1 }
        .map { first + UInt64($0) }
      for allowsListed in [true, false] {
        let dense = index.filter(
          bitmap: bitmap, from: first, allowsListed: allowsListed, deleted: deleted)
        let sparse = index.filter(docIDs: listed, allowsListed: allowsListed, deleted: deleted)
        for row in 0..<index.count {
          let docID = index.docID(ofOrdinal: row) ?? 0
          let isDeleted = deleted[row >> 6] >> UInt64(row & 63) & 1 == 1
          let isAllowed = !isDeleted && listed.contains(docID) == allowsListed
          #expect(dense.allows(row) == isAllowed && sparse.allows(row) == isAllowed, "seed \(seed)")
        }
        #expect(dense.allowedCount == sparse.allowedCount)
        var visited: [Int] = []
        dense.forEachAllowed { visited.append($0) }
        #expect(visited == (0..<index.count).filter { dense.allows($0) })
      }
    }
  }
}
