import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

@Suite struct ListBuildTests {
  private func bytes(_ built: BuiltSegment) throws -> [SectionKind: [UInt8]] {
    let memory = MemorySections()
    try built.write(to: memory)
    return Dictionary(uniqueKeysWithValues: memory.kinds.map { ($0, memory.copy($0) ?? []) })
  }

  @Test(arguments: [EncodingPlan.int8, .pq(.init(subvectors: 6, centroids: 16))])
  func threadsDoNotChangeTheBytes(_ plan: EncodingPlan) throws {
    let fixture = IndexFixture(.cosine, count: 2_500, dimensions: 24)
    let gone: Set<UInt64> = [fixture.docIDs[3], fixture.docIDs[1_700]]
    let first = try fixture.builder(.lists(40), plan).build(from: fixture.source(vanished: gone))
    let second = try fixture.builder(.lists(40), plan, threads: 2)
      .build(from: fixture.source(vanished: gone))
    #expect(first.header == second.header)
    #expect(try bytes(first) == bytes(second))
    let other = try fixture.builder(.lists(40, seed: 7), plan)
      .build(from: fixture.source(vanished: gone))
    #expect(other.header.identifier != first.header.identifier)
  }

  @Test func rowsOfAListFollowEachOther() throws {
    let fixture = IndexFixture(.l2Squared, count: 1_000, dimensions: 8)
    let index = try fixture.index(.lists(25), .int8)
    let found = (0..<index.count).compactMap { index.docID(ofOrdinal: $0) }
    #expect(Set(found) == Set(fixture.docIDs) && found != fixture.docIDs)
    for docID in fixture.docIDs {
      #expect(index.ordinal(ofDocID: docID).flatMap { index.docID(ofOrdinal: $0) } == docID)
    }
  }

  @Test(arguments: [1, 2, 7]) func fewRowsAreEnough(_ count: Int) throws {
    for metric in Metric.allCases {
      let fixture = IndexFixture(metric, count: count, dimensions: 3)
      let index = try fixture.index(.lists(16), .float32)
      #expect(try IndexVerification().check(index).passed)
      let query = SegmentQuery(metric: metric, vector: fixture.vector(0))
      let found = index.search(query, limit: 10, ef: 1, scratch: SearchScratch())
      #expect(found.count == count, "\(metric)")
    }
  }

  /// Nothing tells equal vectors apart, and no list of them can be divided.
  @Test(arguments: Metric.allCases) func equalAndZeroVectorsAreFound(_ metric: Metric) throws {
    var fixture = IndexFixture(metric, count: 400, dimensions: 5)
    fixture.values = [Float](repeating: 0, count: 2_000)
    for row in 200..<400 {
      fixture.values.replaceSubrange(row * 5..<row * 5 + 5, with: [1, 2, 3, 4, 5])
    }
    let index = try fixture.index(.lists(10), .float32)
    #expect(try IndexVerification().check(index).findings.isEmpty)
    let query = SegmentQuery(metric: metric, vector: [1, 2, 3, 4, 5])
    let found = index.search(query, limit: 300, ef: 2, scratch: SearchScratch())
    #expect(found.count == 300)
    #expect(found.prefix(200).map(\.docID) == Array(fixture.docIDs[200...]))
  }

  @Test func vanishedVectorsHaveNoRow() throws {
    let fixture = IndexFixture(.l2Squared, count: 600, dimensions: 6)
    let gone = Set(fixture.docIDs.enumerated().filter { $0.offset % 3 == 0 }.map(\.element))
    let index = try fixture.index(.lists(12), .int8, vanished: gone)
    #expect(index.count == 400)
    #expect(try IndexVerification().check(index).passed)
    let all = try fixture.index(.lists(12), .int8, vanished: Set(fixture.docIDs))
    #expect(all.count == 0 && all.kind == .flat)
  }

  @Test func centroidsServeTheNextSegmentUntilRowsAreOthers() throws {
    let fixture = IndexFixture(.l2Squared, count: 2_000, dimensions: 12)
    let first = try fixture.builder(.lists(30), .int8).build(from: fixture.source())
    let artifact = try #require(first.artifacts.first)

    func next(_ fixture: IndexFixture, lists: Int = 30) throws -> SharedArtifact? {
      var builder = fixture.builder(.lists(lists), .int8)
      builder.artifact = artifact
      return try builder.build(from: fixture.source()).artifacts.first
    }
    var more = IndexFixture(.l2Squared, count: 2_600, dimensions: 12)
    #expect(more.values.prefix(12) == fixture.values.prefix(12))
    #expect(try next(more) == artifact)
    #expect(try next(fixture, lists: 31) != artifact)
    // The same rows, four times as far from each other.
    for index in more.values.indices { more.values[index] *= 4 }
    #expect(try next(more) != artifact)
    // All rows in the place of a few lists.
    let own = Array(fixture.values.prefix(12))
    var crowd = fixture
    for row in 0..<2_000 {
      for i in 0..<12 {
        crowd.values[row * 12 + i] = own[i] + 0.05 * fixture.values[row * 12 + i]
      }
    }
    #expect(try next(crowd) != artifact)
    // Bytes that are none.
    var builder = fixture.builder(.lists(30), .int8)
    builder.artifact = SharedArtifact(identifier: 1, bytes: Array(artifact.bytes.dropLast()))
    #expect(try builder.build(from: fixture.source()).artifacts.first == artifact)
  }

  @Test func cancellingEndsTheTraining() throws {
    let fixture = IndexFixture(.l2Squared, count: 500, dimensions: 6)
    var builder = fixture.builder(.lists(10), .int8)
    builder.isCancelled = { true }
    #expect(throws: StoreError.self) { try builder.build(from: fixture.source()) }
  }

  @Test func usualNumbersOfListsAreThoseOfFaiss() {
    let usual = IVFParameters()
    let wanted = [
      1: 1, 100: 2, 5_001: 128, 10_000: 256, 24_336: 624, 100_000: 1_265, 1_000_000: 4_000,
    ]
    for (rows, lists) in wanted { #expect(usual.resolvedLists(rows: rows) == lists, "\(rows)") }
    #expect(IVFParameters(lists: 50).resolvedLists(rows: 20) == 20)
  }
}
