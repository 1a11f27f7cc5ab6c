import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

/// Segments that change their encoding and keep their graph.
@Suite struct RecodingTests {
  static let graph = IndexKind.hnsw(.init(m: 8, efConstruction: 60))

  private func check(_ index: SegmentIndex, _ fixture: IndexFixture) throws -> [String] {
    var check = IndexVerification()
    check.originals = fixture.source()
    return try check.check(index).findings
  }

  @Test(arguments: EncodingCase.each)
  func theGraphIsKeptAndTheWayBackGivesTheSameBytes(_ setting: EncodingCase) throws {
    var fixture = IndexFixture(setting.metric, count: 1500, dimensions: EncodingCase.dimensions)
    // Some rows hang on others.
    for row in 1..<20 {
      fixture.values.replaceSubrange(row * 48..<(row + 1) * 48, with: fixture.vector(0))
    }
    let first = try fixture.builder(Self.graph, .int8).build(from: fixture.source())
    let (base, before) = try IndexFixture.open(first)
    let built = try fixture.builder(Self.graph, setting.plan, threads: 2)
      .build(from: fixture.source(), base: base)
    #expect(built.report.reusedNodes == 1500 - 19 && built.report.repairedNodes == 0)
    #expect(built.report.duplicates == 19 && built.header.generation == 0)
    let (index, after) = try IndexFixture.open(built)
    #expect(index.plan == setting.plan && index.kind == Self.graph && index.count == 1500)
    // "rest" ranks, as the rows do.
    for kind in after.kinds where !["parm", "rows", "rest"].contains(kind.letters) {
      #expect(after.copy(kind) == before.copy(kind), "\(kind)")
    }
    let recall = fixture.rescoredRecall(index, depth: setting.depth, queries: fixture.queries(30))
    #expect(recall >= setting.recall - 0.02, "\(recall)")
    #expect(try check(index, fixture) == [])
    // The inputs of both are the same but for the base, so only the identifiers differ.
    let back = try fixture.builder(Self.graph, .int8).build(from: fixture.source(), base: index)
    #expect(back.report.reusedNodes == 1500 - 19)
    let again = MemorySections()
    try back.write(to: again)
    #expect(again.kinds == before.kinds)
    for kind in again.kinds { #expect(again.copy(kind) == before.copy(kind), "\(kind)") }
    #expect(back.header.identifier != first.header.identifier)
  }

  @Test(arguments: EncodingCase.each)
  func deletedRowsAreCarriedAlong(_ setting: EncodingCase) throws {
    let fixture = IndexFixture(setting.metric, count: 1500, dimensions: EncodingCase.dimensions)
    let base = try fixture.index(Self.graph, .int8)
    // Some are gone before the job, and some while it runs.
    let early = Set(fixture.docIDs.filter { $0 % 40 == 0 })
    let late = Set(fixture.docIDs.filter { $0 % 50 == 1 })
    var live = fixture
    live.docIDs = fixture.docIDs.filter { !early.contains($0) }
    live.values = fixture.docIDs.indices.filter { !early.contains(fixture.docIDs[$0]) }
      .flatMap { fixture.vector($0) }
    var builder = live.builder(Self.graph, setting.plan)
    builder.interval = fixture.interval
    let built = try builder.build(from: live.source(vanished: late), base: base)
    #expect(built.report.rows == 1500 && built.report.vanished == late.count)
    let index = try IndexFixture.open(built).index
    let gone = early.union(late)
    let filter = SearchFilter(
      allowed: fixture.docIDs.filter { !gone.contains($0) }.compactMap {
        index.ordinal(ofDocID: $0)
      }, rowCount: 1500)
    let recall = fixture.rescoredRecall(
      index, depth: setting.depth, queries: fixture.queries(30), filter: filter,
      where: { !gone.contains($0) })
    #expect(recall >= setting.recall - 0.02, "\(recall)")
    #expect(try check(index, live) == [])
  }

  /// Deletes between the plan and the training leave too little to train on: that is no failure.
  @Test(arguments: [false, true])
  func deletesDuringTrainingAreNoFailure(isGraph: Bool) throws {
    let fixture = IndexFixture(.l2Squared, count: 1_500, dimensions: EncodingCase.dimensions)
    let kind = isGraph ? Self.graph : .flat
    for (left, limit, encoding) in [
      (1_100, 100_000, "pq(12x256)"), (900, 100_000, "int8"), (40, 100_000, "int8"),
      (0, 100_000, "int8"), (400, 300, "pq(12x256)"), (290, 300, "int8"), (100, 300, "int8"),
    ] {
      let gone = Set(fixture.docIDs.dropFirst(left))
      let plan = EncodingPlan.pq(
        ProductPlan(subvectors: 12, centroids: 256, trainingLimit: limit))
      let built = try fixture.builder(kind, plan).build(from: fixture.source(vanished: gone))
      #expect(built.report.rows == left && built.report.vanished == 1_500 - left)
      let index = try IndexFixture.open(built).index
      #expect("\(index.plan)" == encoding, "\(left) of 1500, at most \(limit) for training")
      #expect(index.count == left)
    }
  }

  @Test func onlyTheEncodingMayDiffer() throws {
    let fixture = IndexFixture(.l2Squared, count: 1500, dimensions: 48)
    let base = try fixture.index(Self.graph, .int8)
    func kept(
      _ kind: IndexKind = Self.graph, _ plan: EncodingPlan = .float16,
      _ source: ArrayVectorSource? = nil, base: SegmentIndex
    ) throws -> BuildReport {
      try fixture.builder(kind, plan).build(from: source ?? fixture.source(), base: base).report
    }
    #expect(try kept(base: base).reusedNodes == 1500)
    #expect(try kept(.hnsw(.init(m: 9, efConstruction: 60)), base: base).reusedNodes == 0)
    #expect(try kept(.hnsw(.init(m: 8, efConstruction: 61)), base: base).reusedNodes == 0)
    // A graph of codes is none of vectors, but the other way round it is.
    #expect(try kept(Self.graph, .float32, base: base).reusedNodes == 0)
    let floats = try fixture.index(Self.graph, .float32)
    #expect(try kept(Self.graph, .int8, base: floats).reusedNodes == 1500)
    #expect(try kept(Self.graph, .binary, base: floats).reusedNodes == 1500)
    // Too many deleted rows: the graph is repaired.
    let half = Set(fixture.docIDs.filter { $0 % 5 == 0 })
    var live = fixture
    live.docIDs = fixture.docIDs.filter { !half.contains($0) }
    live.values = fixture.docIDs.indices.filter { !half.contains(fixture.docIDs[$0]) }
      .flatMap { fixture.vector($0) }
    let repaired = try kept(Self.graph, .float16, live.source(), base: base)
    #expect(repaired.repairedNodes > 0 && repaired.rows == live.docIDs.count)
  }

  /// A merge takes over the graph of a segment of any encoding.
  @Test(arguments: EncodingCase.each.enumerated().filter { $0.offset % 2 == 1 }.map(\.element))
  func mergingReusesTheGraph(_ setting: EncodingCase) throws {
    let old = IndexFixture(setting.metric, count: 1500, dimensions: EncodingCase.dimensions)
    let base = try old.index(Self.graph, setting.plan)
    let new = ReuseTests.replace(old, oneIn: 10, generation: 1)
    // To its own encoding, and a codebook's to int8.
    for plan in setting.plan.kind == .pq ? [setting.plan, .int8] : [setting.plan] {
      let built = try new.builder(Self.graph, plan).build(from: new.source(), base: base)
      #expect(built.report.reusedNodes == Set(old.docIDs).intersection(new.docIDs).count)
      #expect(built.header.generation == 1)
      let index = try IndexFixture.open(built).index
      #expect(index.plan == plan)
      let recall = new.rescoredRecall(index, depth: setting.depth, queries: new.queries(30))
      #expect(recall >= setting.recall - 0.02, "\(plan): \(recall)")
      #expect(try check(index, new) == [])
    }
  }
}

extension SectionKind {
  fileprivate var letters: String {
    String(
      decoding: (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> ($0 * 8)) }, as: UTF8.self)
  }
}
