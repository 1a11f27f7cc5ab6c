import SegmentFiles
import StorageIO
import Synchronization
import TestSupport
import Testing
import VectorIndexes
import VectorMath

@Suite struct BuildTests {
  private func bytes(_ built: BuiltSegment) throws -> [SectionKind: [UInt8]] {
    let memory = MemorySections()
    try built.write(to: memory)
    return Dictionary(uniqueKeysWithValues: memory.kinds.map { ($0, memory.copy($0) ?? []) })
  }

  @Test(arguments: [EncodingPlan.int8, .float32])
  func oneAndThreeThreadsGiveTheSameBytes(_ encoding: EncodingPlan) throws {
    let fixture = IndexFixture(.cosine, count: 2000, dimensions: 16)
    let kind = IndexKind.hnsw(.init(m: 6, efConstruction: 30))
    let one = try fixture.builder(kind, encoding, threads: 1).build(from: fixture.source())
    let three = try fixture.builder(kind, encoding, threads: 3).build(from: fixture.source())
    #expect(one.header == three.header)
    #expect(try bytes(one) == bytes(three))
  }

  @Test func otherInputsGiveOtherIdentifiers() throws {
    var fixture = IndexFixture(.l2Squared, count: 50, dimensions: 4)
    var seen = Set<SegmentIdentifier>()
    func note(_ kind: IndexKind, _ encoding: EncodingPlan = .int8) throws {
      seen.insert(
        try fixture.builder(kind, encoding).build(from: fixture.source()).header.identifier)
    }
    try note(.flat)
    try note(.flat, .float32)
    try note(.hnsw(.init(m: 4, efConstruction: 20)))
    try note(.hnsw(.init(m: 4, efConstruction: 20, seed: 5)))
    fixture.values[7] += 1
    try note(.flat)
    fixture.docIDs[49] += 1
    try note(.flat)
    #expect(seen.count == 6)
    try note(.flat)
    #expect(seen.count == 6)
  }

  @Test(arguments: [0, 1, 2, 3, 17])
  func tinySegmentsWork(_ count: Int) throws {
    let fixture = IndexFixture(.cosine, count: count, dimensions: 5)
    for kind in [IndexKind.flat, .hnsw(.init(m: 16, efConstruction: 200))] {
      for encoding in [
        EncodingPlan.float32, .int8, .float16, .int4, .binary, .rabitq(bits: 8, seed: 1),
        .rabitq(bits: 1, seed: 1), .pq(.init(subvectors: 5)),
      ] {
        let index = try fixture.index(kind, encoding)
        #expect(index.count == count)
        let query = SegmentQuery(metric: .cosine, vector: [1, 0, 0, 0.5, 2])
        let found = index.search(query, limit: 100, ef: 100, scratch: SearchScratch())
        #expect(Set(found.map { $0.docID }) == Set(fixture.docIDs))
        try index.makeResident()
      }
    }
  }

  @Test func blocksOfEqualVectorsAreAllFound() throws {
    var fixture = IndexFixture(.l2Squared, count: 4000, dimensions: 8)
    let block = fixture.vector(0)
    for row in 0..<3000 { fixture.values.replaceSubrange(row * 8..<row * 8 + 8, with: block) }
    let index = try fixture.index(.hnsw(.init(m: 8, efConstruction: 40)), .int8)
    let scratch = SearchScratch()
    let prepared = SegmentQuery(metric: .l2Squared, vector: block)
    let found = index.search(prepared, limit: 3100, ef: 200, scratch: scratch)
    #expect(found.count == 3100)
    #expect(found.prefix(3000).map { $0.docID } == Array(fixture.docIDs.prefix(3000)))
    // The rest is not cut off by the block.
    let others = (0..<20).map { fixture.vector(3000 + $0 * 50) }
    #expect(fixture.meanRecall(index, queries: others) >= 0.98)
    // The filter works on each row, whoever stands for the group.
    let ordinals = [2999, 1234, 17].compactMap { index.ordinal(ofDocID: fixture.docIDs[$0]) }
    let filter = SearchFilter(allowed: ordinals, rowCount: index.count)
    let some = index.search(prepared, limit: 10, ef: 50, filter: filter, scratch: scratch)
    #expect(some.map { $0.docID } == [17, 1234, 2999].map { fixture.docIDs[$0] })
  }

  @Test(arguments: Metric.allCases)
  func zeroVectorsAreFound(_ metric: Metric) throws {
    var fixture = IndexFixture(metric, count: 500, dimensions: 8)
    for row in stride(from: 0, to: 500, by: 5) {
      for i in 0..<8 { fixture.values[row * 8 + i] = 0 }
    }
    let index = try fixture.index(.hnsw(.init(m: 8, efConstruction: 40)), .float32)
    let queries = fixture.queries(20) + [[Float](repeating: 0, count: 8)]
    #expect(fixture.meanRecall(index, ef: 200, queries: queries) >= 0.98)
  }

  /// Two hundred tight groups far apart: with few links many lose their last way in.
  @Test func everyNodeCanBeReached() throws {
    var fixture = IndexFixture(.l2Squared, count: 2000, dimensions: 6)
    for row in 0..<2000 {
      for i in 0..<6 {
        let group = Float((row % 200) * (i + 3) % 199)
        fixture.values[row * 6 + i] = group + 0.01 * fixture.values[row * 6 + i]
      }
    }
    let built = try fixture.builder(.hnsw(.init(m: 2, efConstruction: 10)), .float32)
      .build(from: fixture.source())
    #expect(built.report.attachedNodes > 0)
    let findings = try IndexVerification().check(IndexFixture.open(built).index).findings
    #expect(!findings.contains { $0.contains("reached") }, "\(findings)")
  }

  @Test func vanishedVectorsAreDropped() throws {
    let fixture = IndexFixture(.l2Squared, count: 600, dimensions: 8)
    let vanished = Set(fixture.docIDs.enumerated().filter { $0.offset % 7 == 0 }.map { $0.element })
    for kind in [IndexKind.flat, .hnsw(.init(m: 6, efConstruction: 30))] {
      let index = try fixture.index(kind, .int8, vanished: vanished)
      #expect(index.count == 600 - vanished.count)
      #expect(vanished.allSatisfy { index.ordinal(ofDocID: $0) == nil })
      let all = index.scan(
        SegmentQuery(metric: .l2Squared, vector: fixture.vector(1)), limit: 1000,
        scratch: SearchScratch())
      #expect(Set(all.map { $0.docID }) == Set(fixture.docIDs).subtracting(vanished))
    }
    let none = try fixture.index(.hnsw(.init()), .int8, vanished: Set(fixture.docIDs))
    #expect(none.count == 0)
  }

  @Test func segmentsReadBackFromFiles() throws {
    let fixture = IndexFixture(.manhattan, count: 900, dimensions: 10)
    let directory = try TemporaryDirectory()
    let files = PosixFileSystem()
    let (summary, report, _) = try fixture.builder(.hnsw(.init(m: 8, efConstruction: 40)), .int8)
      .build(from: fixture.source()) { header throws(StoreError) in
        try SegmentWriter(
          fileSystem: files, directory: directory.path, number: 5, header: header)
      }
    #expect(report.rows == 900)
    #expect(summary.header.count == 900)
    let reader = try SegmentReader.open(
      fileSystem: files, directory: directory.path, number: 5, expecting: summary.expectation)
    let index = try SegmentIndex.open(reader)
    #expect(fixture.meanRecall(index, queries: fixture.queries(10)) >= 0.97)
  }

  @Test func cancellingEndsTheBuild() throws {
    let fixture = IndexFixture(.l2Squared, count: 2000, dimensions: 4)
    let calls = Atomic<Int>(0)
    var builder = fixture.builder(.hnsw(.init(m: 4, efConstruction: 10)), .int8)
    builder.isCancelled = { calls.add(1, ordering: .relaxed).newValue > 8 }
    #expect(throws: StoreError.self) { try builder.build(from: fixture.source()) }
    #expect(calls.load(ordering: .relaxed) == 9)
  }

  @Test func requestsThatCannotWorkAreRefused() {
    let fixture = IndexFixture(.hamming, count: 10, dimensions: 4)
    func code(_ change: (inout SegmentBuilder) -> Void) -> StoreError.Code? {
      var builder = fixture.builder(.flat, .float32)
      change(&builder)
      do throws(StoreError) {
        _ = try builder.build(from: fixture.source())
        return nil
      } catch { return error.code }
    }
    #expect(code { _ in } == nil)
    #expect(code { $0.encoding = .int8 } == .invalidConfiguration)
    #expect(code { $0.dimensions = 0 } == .invalidArgument)
    #expect(code { $0.dimensions = 70_000 } == .invalidArgument)
    #expect(code { $0.kind = .hnsw(.init(m: 1)) } == .invalidConfiguration)
    #expect(code { $0.kind = .hnsw(.init(efConstruction: 0)) } == .invalidConfiguration)
    #expect(code { $0.interval = 100...101 } == .internalError)
  }
}
