import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

/// Segments of every encoding: built, written, opened, searched.
@Suite struct EncodingTests {
  static let graph = IndexKind.hnsw(.init(m: 10, efConstruction: 50))

  private func fixture(_ metric: Metric, count: Int = 1500) -> IndexFixture {
    IndexFixture(metric, count: count, dimensions: EncodingCase.dimensions)
  }

  @Test(arguments: EncodingCase.some)
  func graphsFindTheNearest(_ setting: EncodingCase) throws {
    let fixture = fixture(setting.metric)
    let built = try fixture.builder(Self.graph, setting.plan).build(from: fixture.source())
    let index = try IndexFixture.open(built).index
    #expect(index.plan == setting.plan && index.kind == Self.graph && index.count == 1500)
    #expect(!index.reproducesOriginals)
    let recall = fixture.rescoredRecall(
      index, depth: setting.depth, queries: fixture.queries(30))
    #expect(recall >= setting.recall, "\(recall)")
    var check = IndexVerification()
    check.originals = fixture.source()
    let outcome = try check.check(index)
    #expect(outcome.findings == [])
    #expect(outcome.samples >= 100)
  }

  @Test(arguments: EncodingCase.some)
  func flatSegmentsFindTheNearest(_ setting: EncodingCase) throws {
    let fixture = fixture(setting.metric, count: 1100)
    let (index, memory) = try IndexFixture.open(
      try fixture.builder(.flat, setting.plan).build(from: fixture.source()))
    #expect(index.plan == setting.plan && index.kind == .flat)
    let queries = fixture.queries(20)
    let recall = fixture.rescoredRecall(index, depth: setting.depth, queries: queries)
    #expect(recall >= setting.recall, "\(recall)")
    // Nothing but parameters, DocIDs and rows (twice where a fast scan takes them), and no more of these than the
    // encoding says.
    let isFiner = memory.kinds.contains(SectionKind(rawValue: 0x7473_6572))
    #expect(isFiner == (setting.plan == .int4 && [.cosine, .l2Squared].contains(setting.metric)))
    #expect(memory.kinds.count == (index.plan.isScannedFast || isFiner ? 4 : 3))
    let bytes = memory.copy(SectionKind(rawValue: 0x7377_6F72))?.count ?? 0
    let most = setting.plan.bytesPerRow(dimensions: EncodingCase.dimensions) + 32
    #expect(bytes <= 1100 * most, "\(bytes)")
    // The same candidates, whichever way they are found.
    let scratch = SearchScratch()
    let every = SearchFilter(excluded: [], rowCount: 1100)
    for query in queries {
      let query = SegmentQuery(metric: setting.metric, vector: query)
      let found = index.scan(query, limit: 15, scratch: scratch)
      #expect(found.count == 15 && found.allSatisfy { !$0.isExact } && found == found.sorted())
      #expect(index.scan(query, limit: 15, filter: every, scratch: scratch) == found)
    }
  }

  /// Candidates carry distances that are about the true ones; of signs alone, only the order means something.
  @Test(arguments: EncodingCase.some.filter { $0.plan.kind != .binary })
  func distancesAreAboutRight(_ setting: EncodingCase) throws {
    let fixture = fixture(setting.metric, count: 1100)
    let index = try fixture.index(.flat, setting.plan)
    let scratch = SearchScratch()
    var error = 0.0
    var spread = 0.0
    for query in fixture.queries(10) {
      let exact = fixture.exact(query, limit: 1100)
      let distances = Dictionary(uniqueKeysWithValues: exact.map { ($0.docID, $0.distance) })
      let mean = exact.reduce(0) { $0 + Double($1.distance) } / 1100
      let found = index.scan(
        SegmentQuery(metric: setting.metric, vector: query), limit: 1100, scratch: scratch)
      #expect(found.count == 1100)
      for candidate in found {
        let distance = Double(distances[candidate.docID] ?? .nan)
        error += (Double(candidate.distance) - distance) * (Double(candidate.distance) - distance)
        spread += (distance - mean) * (distance - mean)
      }
    }
    // Eight subvectors of sixteen centroids each are rough.
    let most = setting.depth == 100 ? 0.5 : 0.2
    #expect(error <= most * spread, "\((error / spread).squareRoot())")
  }

  @Test(arguments: EncodingCase.each)
  func filtersHold(_ setting: EncodingCase) throws {
    let fixture = fixture(setting.metric)
    for kind in [IndexKind.flat, Self.graph] {
      let index = try fixture.index(kind, setting.plan)
      for step in [2, 10] as [UInt64] {
        let allowed: (UInt64) -> Bool = { $0 % step == 0 }
        let filter = SearchFilter(
          allowed: fixture.docIDs.filter(allowed).compactMap { index.ordinal(ofDocID: $0) },
          rowCount: index.count)
        let scratch = SearchScratch()
        for query in fixture.queries(5) {
          let query = SegmentQuery(metric: setting.metric, vector: query)
          let found = index.search(query, limit: 20, ef: 60, filter: filter, scratch: scratch)
          #expect(found.count == 20 && found.allSatisfy { allowed($0.docID) })
        }
        let recall = fixture.rescoredRecall(
          index, depth: setting.depth, queries: fixture.queries(20), filter: filter, where: allowed)
        #expect(recall >= setting.recall - 0.02, "\(kind) \(step): \(recall)")
      }
    }
  }

  /// Rows with the same int8 codes share a node, but each has its own row.
  @Test(arguments: EncodingCase.each)
  func equalVectorsAreAllFound(_ setting: EncodingCase) throws {
    var fixture = fixture(setting.metric)
    let block = fixture.vector(0)
    for row in 0..<300 {
      fixture.values.replaceSubrange(row * 48..<(row + 1) * 48, with: block)
    }
    let index = try fixture.index(Self.graph, setting.plan)
    let found = index.search(
      SegmentQuery(metric: setting.metric, vector: block), limit: 300, ef: 300,
      scratch: SearchScratch())
    #expect(found.map { $0.docID } == Array(fixture.docIDs.prefix(300)))
  }

  @Test(arguments: EncodingCase.each)
  func oneAndThreeThreadsGiveTheSameBytes(_ setting: EncodingCase) throws {
    let fixture = fixture(setting.metric)
    let kind = IndexKind.hnsw(.init(m: 6, efConstruction: 30))
    var files: [[SectionKind: [UInt8]]] = []
    var headers: [SegmentHeader] = []
    for threads in [1, 3] {
      let built = try fixture.builder(kind, setting.plan, threads: threads)
        .build(from: fixture.source())
      let memory = MemorySections()
      try built.write(to: memory)
      headers.append(built.header)
      files.append(
        Dictionary(uniqueKeysWithValues: memory.kinds.map { ($0, memory.copy($0) ?? []) }))
    }
    #expect(headers[0] == headers[1])
    #expect(files[0] == files[1])
  }

  @Test func otherParametersGiveOtherIdentifiers() throws {
    let fixture = fixture(.cosine, count: 1000)
    var seen = Set<SegmentIdentifier>()
    let plans: [EncodingPlan] = [
      .float32, .float16, .int8, .int8(trainingLimit: 50), .int4, .binary,
      .rabitq(bits: 8, seed: 1), .rabitq(bits: 8, seed: 2), .rabitq(bits: 1, seed: 1),
      .pq(.init(subvectors: 8, centroids: 16)), .pq(.init(subvectors: 16, centroids: 16)),
      .pq(.init(subvectors: 8, centroids: 8)),
      .pq(.init(subvectors: 8, centroids: 16, trainingLimit: 900)),
      .pq(.init(subvectors: 8, centroids: 16, seed: 5)),
      .pq(.init(subvectors: 48, centroids: 16, encoder: .tile(.normal))),
      .pq(.init(subvectors: 48, centroids: 16, encoder: .tile(.logNormal))),
    ]
    for plan in plans {
      let built = try fixture.builder(.flat, plan).build(from: fixture.source())
      seen.insert(built.header.identifier)
      let index = try IndexFixture.open(built).index
      // What training went by is not kept for int8.
      #expect(index.plan == plan || plan.kind == .int8)
      for other in plans {
        #expect(
          plan.isInterchangeable(with: other)
            == (plan.description == other.description), "\(plan) \(other)")
      }
    }
    #expect(seen.count == plans.count)
  }

  @Test func fewRowsAreNotWorthACodebook() throws {
    let plan = EncodingPlan.pq(.init(subvectors: 8, centroids: 16))
    #expect(try fixture(.cosine, count: 999).index(.flat, plan).plan == .int8)
    #expect(try fixture(.cosine, count: 1000).index(.flat, plan).plan == plan)
    // Nor is one where too many vectors vanish while the build runs.
    let fixture = fixture(.cosine, count: 1100)
    let index = try fixture.index(.flat, plan, vanished: Set(fixture.docIDs.prefix(400)))
    #expect(index.plan == .int8 && index.count == 700)
    let less = try fixture.index(.flat, plan, vanished: Set(fixture.docIDs.prefix(50)))
    #expect(less.plan == plan && less.count == 1_050)
  }

  @Test func whatCannotBeMadeIsRefused() throws {
    func refuses(_ metric: Metric, _ plan: EncodingPlan) throws -> Bool {
      let fixture = fixture(metric, count: 1000)
      do throws(StoreError) {
        _ = try fixture.builder(.flat, plan).build(from: fixture.source())
        return false
      } catch {
        #expect(error.code == .invalidConfiguration)
        return true
      }
    }
    for plan in EncodingCase.all.map(\.plan) { #expect(try refuses(.hamming, plan)) }
    for plan in [EncodingPlan.binary, .rabitq(bits: 4, seed: 0)] {
      #expect(try refuses(.manhattan, plan))
    }
    for plan in [
      EncodingPlan.rabitq(bits: 2, seed: 0), .pq(.init(subvectors: 7)),
      .pq(.init(subvectors: 0)), .pq(.init(subvectors: 8, centroids: 257)),
      .pq(.init(subvectors: 8, trainingLimit: 255)), .int4(trainingLimit: 0),
      .pq(.init(subvectors: 24, encoder: .tile(.normal))),
      .pq(.init(subvectors: 48, centroids: 12, encoder: .tile(.normal))),
    ] { #expect(try refuses(.cosine, plan), "\(plan)") }
  }
}
