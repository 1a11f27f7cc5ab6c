import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

/// Segments whose rows are what a transform makes of vectors.
@Suite struct TransformedSegmentTests {
  struct Setting: Sendable, CustomTestStringConvertible {
    let kind: IndexKind
    let encoding: EncodingPlan
    let metric: Metric
    let transform: TransformPlan
    /// The recall of 10 among 40 candidates.
    let least: Double
    var testDescription: String { "\(transform) \(kind.name) \(encoding) \(metric)" }
  }

  static let settings: [Setting] = [
    .init(
      kind: .flat, encoding: .float32, metric: .l2Squared,
      transform: .pca(dimensions: 16, seed: 1), least: 0.95),
    .init(
      kind: .flat, encoding: .int8, metric: .cosine,
      transform: .opq(subvectors: 4, dimensions: 24, seed: 1), least: 0.99),
    .init(
      kind: .hnsw(.init(m: 8, efConstruction: 60)), encoding: .int8, metric: .dot,
      transform: .pca(dimensions: 20, seed: 1), least: 0.95),
    .init(
      kind: .hnsw(.init(m: 8, efConstruction: 60)),
      encoding: .pq(.init(subvectors: 8, centroids: 64)), metric: .l2Squared,
      transform: .opq(subvectors: 8, dimensions: 24, seed: 1), least: 0.85),
    .init(
      kind: .lists(20), encoding: .pq(.init(subvectors: 8, centroids: 16)), metric: .cosine,
      transform: .opq(subvectors: 8, dimensions: 16, seed: 1), least: 0.8),
    .init(
      kind: .lists(20), encoding: .rabitq(bits: 4, seed: 1), metric: .dot,
      transform: .pca(dimensions: 16, seed: 1), least: 0.8),
  ]

  private static let section = SectionKind(rawValue: 0x6E61_7274)

  private static func fixture(_ metric: Metric) -> IndexFixture {
    IndexFixture(metric, count: 1_200, dimensions: 24)
  }

  private func build(
    _ setting: Setting, _ fixture: IndexFixture, threads: Int = 1,
    known: SharedArtifact? = nil
  ) throws -> BuiltSegment {
    var builder = fixture.builder(setting.kind, setting.encoding, threads: threads)
    builder.transform = setting.transform
    builder.knownTransform = known
    return try builder.build(from: fixture.source())
  }

  @Test(arguments: settings) func rowsAreFoundThroughTheTransform(_ setting: Setting) throws {
    let fixture = Self.fixture(setting.metric)
    let built = try build(setting, fixture)
    let (index, memory) = try IndexFixture.open(built)
    #expect(index.dimensions == 24 && index.kind.name == setting.kind.name)
    #expect(index.transform?.plan == setting.transform)
    #expect(index.rowDimensions == setting.transform.outputs(of: 24))
    #expect(!index.reproducesOriginals)
    #expect(index.artifactIdentifiers == built.artifacts.map(\.identifier))
    let recall = fixture.meanRecall(index, margin: 30, ef: 60, queries: fixture.queries(20))
    #expect(recall >= setting.least, "\(setting.testDescription): \(recall)")
    var check = IndexVerification()
    check.originals = fixture.source()
    #expect(try check.check(index).findings == [])
    if index.isScanned {
      let queries = fixture.queries(5).map {
        SegmentQuery(metric: setting.metric, vector: $0)
      }
      let one = queries.map { index.scan($0, limit: 8, scratch: SearchScratch()) }
      #expect(index.scanMany(queries, limit: 8, scratch: SearchScratch()) == one)
    }
    // Whoever asks with vectors of another length, or of the rows' own, gets nothing.
    for length in [setting.transform.outputs(of: 24), 23] where length != 24 {
      let query = SegmentQuery(
        metric: setting.metric, vector: [Float](repeating: 1, count: length))
      #expect(index.search(query, limit: 5, ef: 20, scratch: SearchScratch()).isEmpty)
      #expect(index.scan(query, limit: 5, scratch: SearchScratch()).isEmpty)
    }
    withExtendedLifetime(memory) {}
  }

  @Test(arguments: [settings[1], settings[2], settings[4]]) func threadsChangeNoByte(
    _ setting: Setting
  ) throws {
    let fixture = Self.fixture(setting.metric)
    func bytes(_ threads: Int) throws -> (SegmentIdentifier, [[UInt8]]) {
      let built = try build(setting, fixture, threads: threads)
      let memory = MemorySections()
      try built.write(to: memory)
      return (built.header.identifier, memory.kinds.map { memory.copy($0) ?? [] })
    }
    let (one, two) = (try bytes(1), try bytes(2))
    #expect(one.0 == two.0 && one.1 == two.1)
    var other = fixture.builder(setting.kind, setting.encoding)
    #expect(try other.build(from: fixture.source()).header.identifier != one.0)
    other.transform = .pca(dimensions: 8, seed: 2)
    if case .pq = setting.encoding { return }
    #expect(try other.build(from: fixture.source()).header.identifier != one.0)
  }

  @Test func aTransformIsSharedUntilItDoesNotSuit() throws {
    let setting = Self.settings[0]
    let fixture = Self.fixture(.l2Squared)
    let first = try #require(try build(setting, fixture).artifacts.first)
    func next(_ fixture: IndexFixture, _ known: SharedArtifact?) throws -> SharedArtifact? {
      try build(setting, fixture, known: known).artifacts.first
    }
    let similar = IndexFixture(.l2Squared, count: 2_000, dimensions: 24)
    #expect(try next(similar, first) == first)
    #expect(try next(similar, nil) != first)
    // Four times as many rows, other directions, another plan, damage.
    #expect(try next(IndexFixture(.l2Squared, count: 4_800, dimensions: 24), first) != first)
    let other = IndexFixture(.l2Squared, count: 1_200, dimensions: 24, seed: 8)
    #expect(try next(other, first) != first)
    var builder = fixture.builder(.flat, .float32)
    builder.transform = .pca(dimensions: 17, seed: 1)
    builder.knownTransform = first
    #expect(try builder.build(from: fixture.source()).artifacts.first != first)
    let damaged = SharedArtifact(
      identifier: first.identifier, bytes: Array(first.bytes.dropLast()) + [first.bytes[70] ^ 1])
    #expect(try next(fixture, damaged) == first)
  }

  @Test func fewRowsAreStoredAsTheyAre() throws {
    var fixture = IndexFixture(.l2Squared, count: 999, dimensions: 24)
    let setting = Self.settings[3]
    #expect(try IndexFixture.open(try build(setting, fixture)).index.transform == nil)
    fixture = Self.fixture(.l2Squared)
    var builder = fixture.builder(setting.kind, setting.encoding)
    builder.transform = setting.transform
    let gone = Set(fixture.docIDs.prefix(300))
    let index = try IndexFixture.open(
      try builder.build(from: fixture.source(vanished: gone))
    ).index
    #expect(index.transform == nil && index.plan == .int8 && index.count == 900)
  }

  @Test func graphsAreReusedUnderTheSameTransformOnly() throws {
    let setting = Self.settings[2]
    let fixture = Self.fixture(.dot)
    let built = try build(setting, fixture)
    let base = try IndexFixture.open(built)
    var builder = fixture.builder(setting.kind, .float16)
    builder.transform = setting.transform
    builder.knownTransform = built.artifacts.first
    // Only the encoding is another: rows are made anew, the graph is taken over.
    #expect(
      try builder.build(from: fixture.source(), base: base.index).report.reusedNodes
        == base.index.count)
    builder.transform = .pca(dimensions: 20, seed: 2)
    #expect(try builder.build(from: fixture.source(), base: base.index).report.reusedNodes == 0)
    builder.transform = .none
    #expect(try builder.build(from: fixture.source(), base: base.index).report.reusedNodes == 0)
  }

  @Test(arguments: [IndexKind.annoy(AnnoyParameters(trees: 2, seed: 1))])
  func otherKindsRefuse(_ kind: IndexKind) {
    let fixture = Self.fixture(.l2Squared)
    var builder = fixture.builder(kind, .float32)
    builder.transform = .pca(dimensions: 8, seed: 1)
    let error = #expect(throws: StoreError.self) {
      try builder.build(from: fixture.source())
    }
    #expect(error?.code == .invalidConfiguration && error?.message.contains("annoy") == true)
  }

  @Test func damagedTransformsAreCorruptionOrSeen() throws {
    let fixture = Self.fixture(.l2Squared)
    let built = try build(Self.settings[0], fixture)
    let memory = MemorySections()
    try built.write(to: memory)
    let bytes = try #require(memory.copy(Self.section))
    var generator = SeededGenerator(seed: 31)
    var refused = 0
    for position in Array(0..<64) + [64, 100, bytes.count - 1] {
      var damaged = bytes
      damaged[position] ^= UInt8.random(in: 1...255, using: &generator)
      try memory.replace(Self.section, with: damaged)
      do throws(StoreError) {
        let index = try SegmentIndex(sections: memory.sections(header: built.header))
        let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(3))
        let found = index.search(query, limit: 5, ef: 10, scratch: SearchScratch())
        #expect(found.count == 5)
        #expect(!IndexVerification.structuralFindings(of: index).isEmpty, "byte \(position)")
      } catch {
        #expect(error.code == .corruption)
        refused += 1
      }
    }
    #expect(refused >= 24)
    for shortened in [[], Array(bytes.dropLast())] {
      try memory.replace(Self.section, with: shortened)
      #expect(throws: StoreError.self) {
        try SegmentIndex(sections: memory.sections(header: built.header))
      }
    }
  }
}
