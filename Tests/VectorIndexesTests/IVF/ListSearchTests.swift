import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

@Suite struct ListSearchTests {
  @Test(arguments: SearchTests.pairs)
  func listsFindTheNearest(_ metric: Metric, _ encoding: EncodingPlan) throws {
    let fixture = IndexFixture(metric, count: 1_500, dimensions: 24)
    let index = try fixture.index(.lists(30), encoding)
    #expect(index.kind == .lists(30) && index.count == 1_500)
    let recall = fixture.meanRecall(index, ef: 12, queries: fixture.queries(30))
    #expect(recall >= 0.97, "\(metric) \(encoding): \(recall)")
    let all = fixture.meanRecall(index, ef: 30, queries: fixture.queries(30))
    #expect(all >= 0.985, "\(metric) \(encoding): \(all)")
  }

  @Test(
    arguments: EncodingCase.each + EncodingCase.all.filter { $0.plan == .rabitq(bits: 4, seed: 1) })
  func everyEncodingIsSearchedInLists(_ setting: EncodingCase) throws {
    let fixture = IndexFixture(setting.metric, count: 1_200, dimensions: EncodingCase.dimensions)
    let index = try fixture.index(.lists(16), setting.plan)
    #expect(index.plan == setting.plan)
    let recall = fixture.rescoredRecall(
      index, depth: setting.depth, ef: 10, queries: fixture.queries(20))
    #expect(recall >= setting.recall - 0.03, "\(setting): \(recall)")
    var check = IndexVerification()
    check.originals = fixture.source()
    let outcome = try check.check(index)
    #expect(outcome.passed, "\(setting): \(outcome.findings)")
  }

  /// Lists are passed over only where hardly anything can be nearer: more of them find more.
  @Test func moreListsFindMore() throws {
    let fixture = IndexFixture(.l2Squared, count: 3_000, dimensions: 16)
    let index = try fixture.index(.lists(60), .int8)
    let queries = fixture.queries(40)
    let recalls = [1, 4, 16, 60].map { fixture.meanRecall(index, ef: $0, queries: queries) }
    #expect(recalls == recalls.sorted() && recalls[0] < 0.9 && recalls[3] > 0.98, "\(recalls)")
  }

  @Test(arguments: [1, 3, 200])
  func asManyAreFoundAsThereAre(_ probes: Int) throws {
    let fixture = IndexFixture(.cosine, count: 900, dimensions: 12)
    let index = try fixture.index(.lists(40), .int8)
    let scratch = SearchScratch()
    let query = SegmentQuery(metric: .cosine, vector: fixture.queries(1)[0])
    for limit in [1, 50, 400, 900, 2_000] {
      let found = index.search(query, limit: limit, ef: probes, scratch: scratch)
      #expect(found.count == min(limit, 900) && Set(found.map(\.docID)).count == found.count)
      #expect(found == found.sorted())
    }
  }

  @Test(arguments: [2, 7, 50, 400])
  func filteredSearchesFindAsManyAsMatch(_ step: Int) throws {
    let fixture = IndexFixture(.l2Squared, count: 1_600, dimensions: 16)
    let index = try fixture.index(.lists(32), .int8)
    let matching = fixture.docIDs.enumerated().filter { $0.offset % step == 0 }.map(\.element)
    let filter = index.filter(docIDs: matching, allowsListed: true, deleted: nil)
    let scratch = SearchScratch()
    let wanted = Set(matching)
    for query in fixture.queries(10) {
      let query = SegmentQuery(metric: .l2Squared, vector: query)
      for limit in [5, 60] {
        let found = index.search(query, limit: limit, ef: 2, filter: filter, scratch: scratch)
        #expect(found.count == min(limit, matching.count))
        #expect(found.allSatisfy { wanted.contains($0.docID) })
      }
    }
    let recall = fixture.meanRecall(
      index, ef: 8, queries: fixture.queries(20), filter: filter, where: wanted.contains)
    #expect(recall >= 0.97, "\(recall)")
  }

  /// What matches is far away from the query: the nearest lists hold nothing of it.
  @Test func matchingRowsFarAwayAreFound() throws {
    let fixture = IndexFixture(.l2Squared, count: 1_000, dimensions: 8)
    let index = try fixture.index(.lists(50), .float32)
    let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(3))
    let far = fixture.exact(query.vector, limit: 1_000).suffix(300).map(\.docID)
    let filter = index.filter(docIDs: far, allowsListed: true, deleted: nil)
    let found = index.search(
      query, limit: 20, ef: 2, filter: filter, scratch: SearchScratch())
    #expect(found.count == 20 && found.allSatisfy { far.contains($0.docID) })
  }

  /// Codes of four bits are compared block by block; the answers are those of row by row.
  @Test func blocksOfListsGiveTheAnswersOfRows() throws {
    let plan = EncodingPlan.pq(.init(subvectors: 8, centroids: 16))
    let fixture = IndexFixture(.l2Squared, count: 1_300, dimensions: 16)
    let built = try fixture.builder(.lists(20), plan).build(from: fixture.source())
    let (index, memory) = try IndexFixture.open(built)
    #expect(memory.copy(.blocks)?.isEmpty == false)
    let flat = try fixture.index(.flat, plan)
    let scratch = SearchScratch()
    for query in fixture.queries(10) {
      let query = SegmentQuery(metric: .l2Squared, vector: query)
      let found = index.search(query, limit: 30, ef: 20, scratch: scratch)
      // The same codebook; only lists that can hold nothing nearer may be missing.
      let wanted = Set(flat.scan(query, limit: 30, scratch: scratch).map(\.docID))
      #expect(found.count(where: { wanted.contains($0.docID) }) >= 26)
    }
  }

  @Test func manyCentroidsAreFoundByGroups() throws {
    let fixture = IndexFixture(.l2Squared, count: 4_600, dimensions: 4)
    let index = try fixture.index(.lists(4_200), .float32)
    #expect(index.kind == .lists(4_200))
    #expect(try IndexVerification().check(index).passed)
    let recall = fixture.meanRecall(index, ef: 200, queries: fixture.queries(20))
    #expect(recall >= 0.97, "\(recall)")
    let scratch = SearchScratch()
    let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(3))
    #expect(index.search(query, limit: 4_600, ef: 1, scratch: scratch).count == 4_600)
    scratch.resetStatistics()
    _ = index.search(query, limit: 10, ef: 16, scratch: scratch)
    #expect(scratch.statistics.distances < 4_200)
  }

  /// Few rows are the answer to most queries.
  @Test func largestProductsAreFoundWhereNormsDiffer() throws {
    var fixture = IndexFixture(.dot, count: 3_000, dimensions: 16)
    var generator = SeededGenerator(seed: 5)
    for row in 0..<3_000 {
      let scale = Float.random(in: 0.1...1, using: &generator)
      for i in 0..<16 { fixture.values[row * 16 + i] *= scale * scale }
    }
    let index = try fixture.index(.lists(50), .int8)
    let queries = (0..<40).map { _ in (0..<16).map { _ in generator.gaussian() } }
    let recall = fixture.meanRecall(index, ef: 10, queries: queries)
    #expect(recall >= 0.93, "\(recall)")
  }
}
