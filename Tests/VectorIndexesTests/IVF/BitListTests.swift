import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

/// Inverted lists of packed bits: near rows lie together, answers are complete, centroids are shared.
@Suite struct BitListTests {
  private static let rowBytes = 12
  private static let lists = 24

  /// Rows around centres, a bit in eight turned over.
  private let rows = BitRows.clustered(1_500, centres: 60, bytes: rowBytes, rarity: 3, seed: 31)

  private func build(
    _ kind: IndexKind = .lists(lists), threads: Int = 1, vanished: Set<UInt64> = [],
    artifact: SharedArtifact? = nil
  ) throws -> BuiltSegment {
    var builder = SegmentBuilder(
      kind: kind, encoding: .bits, metric: .hamming, dimensions: Self.rowBytes * 8,
      interval: 1...5_000, threads: threads)
    builder.artifact = artifact
    return try builder.build(
      from: ArrayVectorSource(
        docIDs: (0..<UInt64(rows.count)).map { 1 + 3 * $0 }, bits: rows.flatMap { $0 },
        rowBytes: Self.rowBytes, vanished: vanished))
  }

  private func query(_ bits: [UInt8]) -> SegmentQuery {
    SegmentQuery(metric: .hamming, value: .bits(bits))
  }

  private func exact(_ query: [UInt8], _ limit: Int) -> [Candidate] {
    let all = rows.enumerated().map { row, bits in
      Candidate(
        docID: 1 + 3 * UInt64(row),
        distance: Float(zip(bits, query).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }),
        isExact: true)
    }
    return Array(all.sorted().prefix(limit))
  }

  @Test func aFewListsHoldNearlyAllNeighboursAndAllListsHoldThemAll() throws {
    let index = try IndexFixture.open(try build()).index
    #expect(index.kind == .lists(Self.lists) && index.reproducesOriginals)
    #expect(try IndexVerification().check(index).findings == [])
    let scratch = SearchScratch()
    var right = 0
    for row in stride(from: 0, to: 1_500, by: 30) {
      let truth = exact(rows[row], 10)
      right +=
        index.search(query(rows[row]), limit: 10, ef: 2, scratch: scratch)
        .filter { $0.distance <= truth[9].distance }.count
      scratch.resetStatistics()
      let all = index.search(query(rows[row]), limit: 10, ef: Self.lists, scratch: scratch)
      #expect(all == truth)
    }
    #expect(right >= 490, "\(right) of 500")
    scratch.resetStatistics()
    _ = index.search(query(rows[3]), limit: 10, ef: 2, scratch: scratch)
    #expect(scratch.statistics.distances < 500)
  }

  @Test func filteredAnswersAreComplete() throws {
    let index = try IndexFixture.open(try build()).index
    let docIDs = stride(from: 0, to: 1_500, by: 100).map { 1 + 3 * UInt64($0) }
    let filter = index.filter(docIDs: docIDs, allowsListed: true, deleted: nil)
    let found = index.search(
      query(rows[7]), limit: 15, ef: 1, filter: filter, scratch: SearchScratch())
    #expect(found == exact(rows[7], 1_500).filter { docIDs.contains($0.docID) })
    #expect(
      index.search(query(rows[7]), limit: 5_000, ef: 1, scratch: SearchScratch()).count == 1_500)
  }

  @Test func theSameRowsGiveTheSameBytesAtAnyNumberOfThreads() throws {
    let (one, two) = (MemorySections(), MemorySections())
    let (first, second) = (try build(threads: 1), try build(threads: 3))
    try first.write(to: one)
    try second.write(to: two)
    #expect(first.header.identifier == second.header.identifier)
    for kind in one.kinds { #expect(one.copy(kind) == two.copy(kind)) }
  }

  @Test func centroidsServeOtherSegmentsOfBitsOnly() throws {
    let first = try build()
    let artifact = try #require(first.artifacts.first)
    let gone = Set((0..<300).map { UInt64(1 + 3 * $0) })
    let second = try build(vanished: gone, artifact: artifact)
    #expect(second.artifacts.first == artifact)
    #expect(try IndexFixture.open(second).index.count == 1_200)
    // Numbers of as many dimensions, compared by hamming, have centroids of their own.
    let numbers = IndexFixture(.hamming, count: 1_000, dimensions: Self.rowBytes * 8)
    var builder = numbers.builder(.lists(Self.lists), .float32)
    builder.artifact = artifact
    let other = try builder.build(from: numbers.source())
    #expect(other.artifacts.first != nil && other.artifacts.first != artifact)
    builder = numbers.builder(.lists(Self.lists), .float32)
    #expect(try build(artifact: other.artifacts.first).artifacts.first == artifact)
  }

  @Test func nothingIsLeftOfRowsThatHaveVanished() throws {
    let built = try build(vanished: Set((0..<1_500).map { UInt64(1 + 3 * $0) }))
    #expect(try IndexFixture.open(built).index.count == 0)
  }

  @Test func damagedListsOpenOrAreCorruption() throws {
    let built = try build(.lists(5))
    let whole = MemorySections()
    try built.write(to: whole)
    for kind in [SectionKind.kind, .lists] {
      let bytes = try #require(whole.copy(kind))
      for place in stride(from: 0, to: bytes.count, by: kind == .kind ? 5 : 1) {
        for value in [0, 0x7F, 0xFF] as [UInt8] where bytes[place] != value {
          var changed = bytes
          changed[place] = value
          try whole.replace(kind, with: changed)
          do throws(StoreError) {
            let index = try SegmentIndex(sections: whole.sections(header: built.header))
            let found = index.search(
              query(rows[3]), limit: 5, ef: 2, scratch: SearchScratch())
            #expect(found.count <= 5)
            _ = IndexVerification.structuralFindings(of: index)
          } catch {
            #expect(error.code == .corruption)
          }
        }
      }
      try whole.replace(kind, with: bytes)
    }
  }
}
