import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct ReuseTests {
  static let kind = IndexKind.hnsw(.init(m: 8, efConstruction: 60))

  /// Replaces every `oneIn`th vector by a fresh one of the same kind under a new DocID.
  static func replace(
    _ fixture: IndexFixture, oneIn: Int, generation: Int
  ) -> IndexFixture {
    var generator = SeededGenerator(seed: UInt64(generation))
    let fresh = IndexFixture(
      fixture.metric, count: fixture.docIDs.count, dimensions: fixture.dimensions,
      seed: 7)
    var docIDs: [UInt64] = []
    var values: [Float] = []
    var added: [Float] = []
    for (row, docID) in fixture.docIDs.enumerated() {
      if Int.random(in: 0..<oneIn, using: &generator) == 0 {
        added += fresh.vector(row).map { $0 + 0.3 * generator.gaussian() }
      } else {
        docIDs.append(docID)
        values += fixture.vector(row)
      }
    }
    let next = (fixture.docIDs.last ?? 0) + 1
    docIDs += (0..<UInt64(added.count / fixture.dimensions)).map { next + $0 }
    return IndexFixture(
      fixture.metric, docIDs: docIDs, values: values + added, dimensions: fixture.dimensions)
  }

  @Test(arguments: [Metric.l2Squared, .cosine, .dot])
  func mergingReusesTheGraph(_ metric: Metric) throws {
    let old = IndexFixture(metric, count: 1500, dimensions: 12)
    let base = try old.index(Self.kind, .int8)
    let new = Self.replace(old, oneIn: 10, generation: 1)
    let built = try new.builder(Self.kind, .int8).build(from: new.source(), base: base)
    let kept = Set(old.docIDs).intersection(new.docIDs).count
    #expect(built.report.reusedNodes == kept)
    #expect(built.report.repairedNodes > 0)
    #expect(built.header.generation == 1)
    let index = try IndexFixture.open(built).index
    #expect(index.count == new.docIDs.count)
    #expect(new.meanRecall(index, queries: new.queries(30)) >= 0.97)
    #expect(try IndexVerification().check(index).findings == [])
    // The same inputs give the same bytes, at any number of threads; another base another segment.
    let again = try new.builder(Self.kind, .int8, threads: 3).build(from: new.source(), base: base)
    #expect(again.header == built.header)
    let (one, two) = (MemorySections(), MemorySections())
    try built.write(to: one)
    try again.write(to: two)
    for kind in one.kinds { #expect(one.copy(kind) == two.copy(kind)) }
    let fresh = try new.builder(Self.kind, .int8).build(from: new.source())
    #expect(fresh.header.identifier != built.header.identifier)
    #expect(fresh.header.generation == 0)
  }

  @Test func repairMakesUpForWhatWasDeleted() throws {
    let kind = IndexKind.hnsw(.init(m: 4, efConstruction: 60))
    let old = IndexFixture(.l2Squared, count: 3000, dimensions: 16)
    let base = try old.index(kind, .int8)
    let gone = Set(old.docIDs.filter { NodeHash.of($0) % 20 < 7 })
    let built = try old.builder(kind, .int8).build(from: old.source(vanished: gone), base: base)
    #expect(built.report.reusedNodes == old.docIDs.count - gone.count)
    let fresh = try old.index(kind, .int8, vanished: gone)
    let index = try IndexFixture.open(built).index
    #expect(index.meanBaseDegree >= fresh.meanBaseDegree - 0.8)
    let queries = old.queries(60)
    let allowed: (UInt64) -> Bool = { !gone.contains($0) }
    let reused = old.meanRecall(index, ef: 14, queries: queries, where: allowed)
    let rebuilt = old.meanRecall(fresh, ef: 14, queries: queries, where: allowed)
    #expect(reused >= rebuilt - 0.02, "\(reused), rebuilt \(rebuilt)")
  }

  @Test func graphsThatDoNotFitAreNotReused() throws {
    let fixture = IndexFixture(.l2Squared, count: 400, dimensions: 6)
    let base = try fixture.index(Self.kind, .int8)
    func reused(
      _ kind: IndexKind = Self.kind, _ encoding: EncodingPlan = .int8, limit: UInt32 = 8,
      vanished: Set<UInt64> = []
    ) throws -> Int {
      var builder = fixture.builder(kind, encoding)
      builder.maxGenerations = limit
      return try builder.build(from: fixture.source(vanished: vanished), base: base)
        .report.reusedNodes
    }
    #expect(try reused() == 400)
    #expect(try reused(.hnsw(.init(m: 9, efConstruction: 60))) == 0)
    #expect(try reused(.hnsw(.init(m: 8, efConstruction: 60, seed: 3))) == 0)
    #expect(try reused(Self.kind, .float32) == 0)
    #expect(try reused(limit: 0) == 0)
    #expect(try reused(vanished: Set(fixture.docIDs.prefix(200))) == 0)
    #expect(try reused(vanished: Set(fixture.docIDs.prefix(100))) == 300)
  }

  @Test func groupsOfEqualRowsOutliveTheirNode() throws {
    var fixture = IndexFixture(.l2Squared, count: 600, dimensions: 6)
    let block = fixture.vector(0)
    for row in 0..<200 { fixture.values.replaceSubrange(row * 6..<row * 6 + 6, with: block) }
    let base = try fixture.index(Self.kind, .int8)
    // Whichever row stood for the group, only the last five remain.
    let gone = Set(fixture.docIDs.prefix(195))
    let built = try fixture.builder(Self.kind, .int8)
      .build(from: fixture.source(vanished: gone), base: base)
    #expect(built.report.reusedNodes > 390)
    let index = try IndexFixture.open(built).index
    let found = index.search(
      SegmentQuery(metric: .l2Squared, vector: block), limit: 5, ef: 50, scratch: SearchScratch())
    #expect(found.map { $0.docID } == Array(fixture.docIDs[195..<200]))
    #expect(try IndexVerification().check(index).findings == [])
  }

  /// 50 generations with SEAMSTONE_DECAY_GENERATIONS=50; the data is larger then too.
  @Test func recallDoesNotDecayOverGenerations() throws {
    let asked = TestSettings.number("SEAMSTONE_DECAY_GENERATIONS")
    let generations = asked ?? 5
    let kind = IndexKind.hnsw(.init(m: 8, efConstruction: 80))
    var fixture = IndexFixture(.l2Squared, count: asked == nil ? 1500 : 20_000, dimensions: 24)
    var index = try fixture.index(kind, .int8, threads: 2)
    for generation in 1...generations {
      fixture = Self.replace(fixture, oneIn: 50, generation: generation)
      var builder = fixture.builder(kind, .int8, threads: 2)
      builder.maxGenerations = .max
      let built = try builder.build(from: fixture.source(), base: index)
      #expect(built.report.reusedNodes > fixture.docIDs.count * 9 / 10)
      index = try IndexFixture.open(built).index
    }
    let fresh = try fixture.index(kind, .int8, threads: 2)
    let queries = fixture.queries(100)
    let reused = fixture.meanRecall(index, ef: 24, queries: queries)
    let rebuilt = fixture.meanRecall(fresh, ef: 24, queries: queries)
    #expect(reused >= rebuilt - 0.01, "after \(generations): \(reused), rebuilt \(rebuilt)")
    print(
      "\(generations) generations of a graph: recall@10 at ef 24 \(reused), built anew \(rebuilt)")
  }
}
