import StorageIO
import TestSupport
import Testing
import VectorMath

@testable import VectorIndexes

@Suite("A forest of random-projection trees") struct ForestTests {
  /// Every encoding with each of its metrics.
  static let pairs: [(plan: EncodingPlan, metric: Metric)] = Metric.allCases.flatMap { metric in
    let plans: [EncodingPlan] = metric == .hamming ? [.float32] : [.float32, .float16, .int8]
    return plans.map { ($0, metric) }
  }

  private let forest = IndexKind.annoy(.init(trees: 8, seed: 3))

  @Test("it finds what is near, and all of it where it may look at everything", arguments: pairs)
  func findsNeighbours(_ pair: (plan: EncodingPlan, metric: Metric)) throws {
    let fixture = IndexFixture(pair.metric, count: 600, dimensions: 16)
    let index = try fixture.index(forest, pair.plan)
    #expect(index.kind == forest)
    let queries = fixture.queries(20)
    #expect(fixture.meanRecall(index, ef: 200, queries: queries) > 0.9)
    #expect(fixture.meanRecall(index, ef: 100_000, queries: queries) > 0.99)
    #expect(try IndexVerification().check(index).passed)
  }

  @Test("more candidates find more")
  func searchesWider() throws {
    let fixture = IndexFixture(.l2Squared, count: 2_000, dimensions: 24)
    let index = try fixture.index(.annoy(.init(trees: 4, seed: 3)), .int8)
    let queries = fixture.queries(30)
    let recalls = [20, 100, 500].map { fixture.meanRecall(index, ef: $0, queries: queries) }
    #expect(recalls[0] < recalls[1] && recalls[1] < recalls[2] && recalls[2] > 0.9)
    let scratch = SearchScratch()
    let query = SegmentQuery(metric: .l2Squared, vector: queries[0])
    _ = index.search(query, limit: 10, ef: 100, scratch: scratch)
    // A leaf more than was asked for at most, and no row twice.
    #expect(scratch.statistics.distances <= 100 + index.leafRows)
    _ = index.search(query, limit: 10, ef: .max, scratch: scratch)
    #expect(scratch.statistics.distances <= 100 + index.leafRows + 2_000)
  }

  @Test("threads do not change a byte; the seed changes the trees", arguments: pairs)
  func isDeterministic(_ pair: (plan: EncodingPlan, metric: Metric)) throws {
    let fixture = IndexFixture(pair.metric, count: 300, dimensions: 8)
    func sections(_ seed: UInt64, threads: Int) throws -> [[UInt8]?] {
      let kind = IndexKind.annoy(.init(trees: 5, seed: seed))
      let built = try fixture.builder(kind, pair.plan, threads: threads).build(
        from: fixture.source())
      let memory = try IndexFixture.open(built).memory
      return memory.kinds.map { memory.copy($0) }
    }
    let one = try sections(7, threads: 1)
    #expect(try sections(7, threads: 4) == one)
    #expect(try sections(8, threads: 1) != one)
  }

  @Test("equal vectors, zero vectors and lonely ones", arguments: pairs)
  func dividesWhatIsAlike(_ pair: (plan: EncodingPlan, metric: Metric)) throws {
    var fixture = IndexFixture(pair.metric, count: 500, dimensions: 6)
    for row in 0..<300 {
      fixture.values.replaceSubrange(row * 6..<row * 6 + 6, with: [1, 2, 3, 4, 5, 6])
    }
    for row in 300..<320 {
      fixture.values.replaceSubrange(row * 6..<row * 6 + 6, with: [0, 0, 0, 0, 0, 0])
    }
    // One so far away that it decides every mean.
    fixture.values.replaceSubrange(2_400..<2_406, with: [900, -900, 900, 900, 900, 900])
    let index = try fixture.index(forest, pair.plan)
    #expect(IndexVerification.structuralFindings(of: index).isEmpty)
    let scratch = SearchScratch()
    for row in [0, 310, 400, 450] {
      let found = index.search(
        SegmentQuery(metric: pair.metric, vector: fixture.vector(row)), limit: 400, ef: 10,
        scratch: scratch)
      #expect(found.count == 400 && Set(found.map(\.docID)).count == 400)
    }
  }

  @Test("one row, few rows and none", arguments: [1, 2, 3, 47, 48, 49, 50])
  func takesAnyNumber(_ count: Int) throws {
    for metric in Metric.allCases {
      let fixture = IndexFixture(metric, count: count, dimensions: 5)
      let index = try fixture.index(forest, metric == .hamming ? .float32 : .int8)
      #expect(IndexVerification.structuralFindings(of: index).isEmpty)
      let query = SegmentQuery(metric: metric, vector: fixture.vector(0))
      let found = index.search(query, limit: 100, ef: 1, scratch: SearchScratch())
      #expect(found.count == count)
    }
    let fixture = IndexFixture(.cosine, count: 3, dimensions: 5)
    let none = try fixture.index(forest, .int8, vanished: Set(fixture.docIDs))
    #expect(none.count == 0 && none.kind == .flat)
  }

  @Test("with a filter it finds as many as are allowed", arguments: [1, 3, 10, 50, 400, 590])
  func fills(_ allowed: Int) throws {
    let fixture = IndexFixture(.dot, count: 600, dimensions: 12)
    let index = try fixture.index(forest, .int8)
    var generator = SeededGenerator(seed: 5)
    let rows = Set((0..<600).shuffled(using: &generator).prefix(allowed))
    let filter = SearchFilter(allowed: rows, rowCount: 600)
    let docIDs = Set(rows.compactMap { index.docID(ofOrdinal: $0) })
    for query in fixture.queries(10) {
      let found = index.search(
        SegmentQuery(metric: .dot, vector: query), limit: 20, ef: 30, filter: filter,
        scratch: SearchScratch())
      #expect(found.count == min(20, allowed) && docIDs.isSuperset(of: found.map(\.docID)))
    }
    let recall = fixture.meanRecall(
      index, ef: 300, queries: fixture.queries(10), filter: filter, where: { docIDs.contains($0) })
    #expect(recall > 0.9)
  }

  @Test("vectors that vanish while it is built are in no leaf")
  func dropsVanished() throws {
    let fixture = IndexFixture(.cosine, count: 400, dimensions: 8)
    let gone = Set(fixture.docIDs.filter { $0 % 2 == 0 })
    let index = try fixture.index(forest, .float16, vanished: gone)
    #expect(index.count == 400 - gone.count)
    #expect(IndexVerification.structuralFindings(of: index).isEmpty)
  }

  @Test("the largest product is found among vectors of very different lengths")
  func findsLargeProducts() throws {
    var fixture = IndexFixture(.dot, count: 2_000, dimensions: 16)
    var generator = SeededGenerator(seed: 9)
    for row in 0..<2_000 {
      let scale = Float.random(in: 0.1...10, using: &generator)
      for i in row * 16..<row * 16 + 16 { fixture.values[i] *= scale }
    }
    for plan in [EncodingPlan.float32, .int8] {
      let index = try fixture.index(.annoy(.init(trees: 10, seed: 1)), plan)
      #expect(fixture.meanRecall(index, ef: 400, queries: fixture.queries(30)) > 0.9)
    }
  }

  @Test("encodings whose rows cannot be compared, and no trees, are refused")
  func refuses() throws {
    let fixture = IndexFixture(.l2Squared, count: 100, dimensions: 8)
    for plan in [EncodingPlan.int4, .binary, .rabitq(bits: 8, seed: 1)] {
      #expect(throws: StoreError.self) { try fixture.index(forest, plan) }
    }
    for trees in [0, -1, 10_001] {
      #expect(throws: StoreError.self) {
        try fixture.index(.annoy(.init(trees: trees, seed: 1)), .int8)
      }
    }
  }

  @Test("a build can be cancelled while trees grow")
  func isCancelled() throws {
    let fixture = IndexFixture(.l2Squared, count: 400, dimensions: 8)
    var builder = fixture.builder(forest, .int8, threads: 2)
    let started = ConditionLock(0)
    builder.progress = { _, phase in if phase == .linking { started.withLock { $0 += 1 } } }
    builder.isCancelled = { started.withLock { $0 } > 0 }
    do throws(StoreError) {
      _ = try builder.build(from: fixture.source())
      Issue.record("it was built")
    } catch {
      #expect(error.code == .cancelled)
    }
  }
}

extension SegmentIndex {
  /// The most rows of a leaf.
  fileprivate var leafRows: Int { (structure as? AnnoyIndex)?.forest.layout.leafRows ?? 0 }
}
