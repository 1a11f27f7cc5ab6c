import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorMath

@testable import VectorIndexes

/// Flat segments of at most 16 centroids: the fast scan of their blocks finds what a plain scan finds.
@Suite struct FastScanSearchTests {
  private static let blocks = SectionKind(rawValue: 0x736B_6C62)
  static let metrics: [Metric] = [.cosine, .dot, .l2Squared, .manhattan]

  private func plan(_ subvectors: Int, centroids: Int = 16) -> EncodingPlan {
    .pq(.init(subvectors: subvectors, centroids: centroids, trainingLimit: 500))
  }

  /// Entries of both scans, which have to agree in keys and order.
  private func expectAgreement(
    _ index: SegmentIndex, _ query: [Float], wanted: Int, filter: SearchFilter? = nil,
    _ comment: Comment = ""
  ) throws {
    let scratch = SearchScratch()
    let query = SegmentQuery(metric: index.metric, vector: query)
    let prepared = index.codec.prepare(query, scratch)
    scratch.beam.prepare(
      nodes: SegmentIndex.scanBlock, entries: 1, batch: SegmentIndex.scanBlock)
    let plain = index.plainScan(prepared, wanted: wanted, filter: filter, scratch)
    let fast = try #require(index.fastScan(prepared, wanted: wanted, filter: filter, scratch))
    #expect(fast == plain, comment)
    #expect(
      fast.count == min(wanted, filter?.allowedCount ?? index.count), comment)
  }

  @Test(
    "Both scans find the same rows with the same keys", arguments: metrics,
    [(1000, 12, 16), (1023, 48, 16), (1057, 3, 7), (1100, 24, 2)])
  func scansAgree(metric: Metric, shape: (count: Int, subvectors: Int, centroids: Int)) throws {
    let fixture = IndexFixture(metric, count: shape.count, dimensions: 48)
    let index = try fixture.index(.flat, plan(shape.subvectors, centroids: shape.centroids))
    #expect(index.fastScan != nil)
    for (number, query) in fixture.queries(8).enumerated() {
      for wanted in [1, 10, 300, shape.count, shape.count + 5] {
        try expectAgreement(index, query, wanted: wanted, "query \(number), \(wanted) wanted")
      }
    }
  }

  @Test(arguments: metrics)
  func filtersLeaveTheSameRows(metric: Metric) throws {
    let fixture = IndexFixture(metric, count: 1100, dimensions: 48)
    let index = try fixture.index(.flat, plan(16))
    let filters = [
      SearchFilter(allowed: stride(from: 0, to: 1100, by: 3), rowCount: 1100),
      SearchFilter(allowed: 512..<600, rowCount: 1100),
      SearchFilter(allowed: [1099] + Array(40..<140), rowCount: 1100),
    ]
    for filter in filters {
      for query in fixture.queries(4) {
        for wanted in [1, 30, 500] {
          try expectAgreement(index, query, wanted: wanted, filter: filter)
        }
      }
    }
    let few = SearchFilter(allowed: [3, 77, 1001], rowCount: 1100)
    let found = index.scan(
      SegmentQuery(metric: metric, vector: fixture.vector(5)), limit: 10, filter: few,
      scratch: SearchScratch())
    #expect(Set(found.compactMap { index.ordinal(ofDocID: $0.docID) }) == [3, 77, 1001])
  }

  /// Tables of such queries overflow, so that the sums of bytes say nothing.
  @Test(arguments: metrics)
  func hugeComponentsMakeNoDifference(metric: Metric) throws {
    let fixture = IndexFixture(metric, count: 1000, dimensions: 48)
    let index = try fixture.index(.flat, plan(24))
    for factor in [Float(1e-30), 1e-12, 1e15, 1e19, 1e30, 3e37] {
      let query = fixture.vector(3).map { $0 * factor }
      try expectAgreement(index, query, wanted: 20, "\(factor)")
    }
    // One component that dwarfs the others: a step is wider than what tells most rows apart.
    var query = fixture.vector(4)
    query[7] = 1e6
    try expectAgreement(index, query, wanted: 20)
  }

  @Test func otherSegmentsHaveNoBlocks() throws {
    let fixture = IndexFixture(.l2Squared, count: 1000, dimensions: 48)
    #expect(try fixture.index(.flat, plan(16, centroids: 17)).fastScan == nil)
    #expect(try fixture.index(.hnsw(.init(m: 4, efConstruction: 20)), plan(16)).fastScan == nil)
    #expect(try fixture.index(.flat, .int4).fastScan == nil)
  }

  /// Segments of format 1.0 have none.
  @Test func withoutBlocksRowsAreScanned() throws {
    let fixture = IndexFixture(.cosine, count: 1000, dimensions: 48)
    let built = try fixture.builder(.flat, plan(16)).build(from: fixture.source())
    let whole = try IndexFixture.open(built).index
    let memory = try IndexFixture.open(built).memory
    memory.remove(Self.blocks)
    let index = try SegmentIndex(sections: memory.sections(header: built.header))
    #expect(index.fastScan == nil)
    let scratch = SearchScratch()
    for vector in fixture.queries(10) {
      let query = SegmentQuery(metric: .cosine, vector: vector)
      #expect(
        index.scan(query, limit: 20, scratch: scratch)
          == whole.scan(query, limit: 20, scratch: scratch))
    }
  }

  @Test func damagedBlocksAreFoundAndNeverTrap() throws {
    let seed: UInt64 = 61
    var generator = SeededGenerator(seed: seed)
    let fixture = IndexFixture(.l2Squared, count: 1001, dimensions: 48)
    let built = try fixture.builder(.flat, plan(6)).build(from: fixture.source())
    let (index, memory) = try IndexFixture.open(built)
    let bytes = try #require(memory.copy(Self.blocks))
    // 32 blocks of 8 subvectors (6 and what rounds them up), 16 bytes each.
    #expect(bytes.count == 32 * 8 * 16)
    #expect(try IndexVerification().check(index).findings == [])
    for short in [0, bytes.count - 1] {
      try memory.replace(Self.blocks, with: Array(bytes.prefix(short)))
      #expect(throws: StoreError.self) {
        try SegmentIndex(sections: memory.sections(header: built.header))
      }
    }
    for count in [1, 50, 100_000] {
      var damaged = bytes
      for _ in 0..<count {
        damaged[Int.random(in: damaged.indices, using: &generator)] ^=
          1 << UInt8.random(in: 0..<8, using: &generator)
      }
      try memory.replace(Self.blocks, with: damaged)
      let index = try SegmentIndex(sections: memory.sections(header: built.header))
      let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(1))
      #expect(
        index.scan(query, limit: 10, scratch: SearchScratch()).count == 10, "seed \(seed)")
      #expect(try IndexVerification().check(index).findings != [], "seed \(seed), \(count)")
    }
  }
}
