import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

/// Segments of packed bits: flat ones are exact, graphs find nearly all, both the same at any number of threads.
@Suite struct BitsIndexTests {
  /// Rows around some centres, a bit in eight turned over.
  private struct Data {
    let rowBytes: Int
    let docIDs: [UInt64]
    let rows: [[UInt8]]

    init(count: Int, rowBytes: Int, seed: UInt64 = 5) {
      var random = SeededGenerator(seed: seed)
      func noise() -> UInt8 {
        UInt8.random(in: 0...255, using: &random) & UInt8.random(in: 0...255, using: &random)
          & UInt8.random(in: 0...255, using: &random)
      }
      let centres = (0..<20).map { _ in
        (0..<rowBytes).map { _ in UInt8.random(in: 0...255, using: &random) }
      }
      rows = (0..<count).map { row in
        // Some rows are the same as others.
        row % 50 == 49 ? centres[row % 20] : centres[row % 20].map { $0 ^ noise() }
      }
      self.rowBytes = rowBytes
      docIDs = (0..<UInt64(count)).map { 10 + $0 * 2 }
    }

    func source(vanished: Set<UInt64> = []) -> ArrayVectorSource {
      ArrayVectorSource(
        docIDs: docIDs, bits: rows.flatMap { $0 }, rowBytes: rowBytes, vanished: vanished)
    }

    func build(
      _ kind: IndexKind, threads: Int = 1, base: SegmentIndex? = nil, vanished: Set<UInt64> = []
    ) throws -> BuiltSegment {
      try SegmentBuilder(
        kind: kind, encoding: .bits, metric: .hamming, dimensions: rowBytes * 8,
        interval: (docIDs.first ?? 1)...(docIDs.last ?? 1), threads: threads
      ).build(from: source(vanished: vanished), base: base)
    }

    func index(_ kind: IndexKind) throws -> SegmentIndex {
      try IndexFixture.open(try build(kind)).index
    }

    /// All rows, nearest first, ties by DocID, counted bit by bit.
    func exact(_ query: [UInt8], limit: Int) -> [Candidate] {
      let all = zip(docIDs, rows).map { docID, row in
        var count = 0
        for index in 0..<rowBytes * 8 {
          let bit = UInt8(1) << UInt8(7 - index % 8)
          if row[index / 8] & bit != query[index / 8] & bit { count += 1 }
        }
        return Candidate(docID: docID, distance: Float(count), isExact: true)
      }
      return Array(all.sorted().prefix(limit))
    }
  }

  private func query(_ bits: [UInt8]) -> SegmentQuery {
    SegmentQuery(metric: .hamming, value: .bits(bits))
  }

  @Test(arguments: [1, 2, 4, 12, 32, 33, 64, 96, 129])
  func flatSegmentsAnswerExactly(rowBytes: Int) throws {
    let data = Data(count: 300, rowBytes: rowBytes)
    let index = try data.index(.flat)
    #expect(index.reproducesOriginals && index.plan == .bits)
    let scratch = SearchScratch()
    for row in [0, 7, 49, 299] {
      let found = index.scan(query(data.rows[row]), limit: 25, scratch: scratch)
      #expect(found == data.exact(data.rows[row], limit: 25))
    }
    let filter = SearchFilter(allowed: stride(from: 0, to: 300, by: 7), rowCount: 300)
    let found = index.scan(query(data.rows[3]), limit: 10, filter: filter, scratch: scratch)
    let allowed = Set(stride(from: 0, to: 300, by: 7).map { data.docIDs[$0] })
    #expect(
      found
        == Array(
          data.exact(data.rows[3], limit: 300).filter { allowed.contains($0.docID) }.prefix(10)))
  }

  /// Of rows that are equally far away those with the lowest DocIDs are returned, wherever they lie: where all rows are
  /// looked at, every kind answers as the flat one does.
  @Test(arguments: [
    IndexKind.hnsw(.init(m: 8, efConstruction: 60)), .ivf(IVFParameters(lists: 8)),
    .hash(HashParameters(bits: 6)), .hash(HashParameters(bits: 6, tables: 3)),
  ]) func whatIsEquallyFarAwayIsCutByDocID(kind: IndexKind) throws {
    let data = Data(count: 400, rowBytes: 4)
    let index = try data.index(kind)
    let scratch = SearchScratch()
    let filter = SearchFilter(
      allowed: data.docIDs.indices.filter { $0 % 3 != 1 }.compactMap {
        index.ordinal(ofDocID: data.docIDs[$0])
      }, rowCount: index.count)
    let allowed = Set(data.docIDs.indices.filter { $0 % 3 != 1 }.map { data.docIDs[$0] })
    for row in stride(from: 0, to: 400, by: 13) {
      let all = data.exact(data.rows[row], limit: 400)
      for limit in [1, 7, 40] {
        let found = index.search(
          query(data.rows[row]), limit: limit, ef: 400, scratch: scratch)
        #expect(found == Array(all.prefix(limit)), "row \(row), \(limit) results")
        let some = index.scan(
          query(data.rows[row]), limit: limit, filter: filter, scratch: scratch)
        #expect(some == Array(all.filter { allowed.contains($0.docID) }.prefix(limit)))
      }
    }
  }

  @Test func manyQueriesAtATimeGetTheAnswersOfEach() throws {
    let data = Data(count: 1_031, rowBytes: 12)
    let index = try data.index(.flat)
    let scratch = SearchScratch()
    let queries = data.rows.prefix(9).map { query($0) } + [query([1, 2])]
    let many = index.scanMany(queries, limit: 7, scratch: scratch)
    #expect(index.isScanned && many.count == 10 && many.last?.isEmpty == true)
    for (query, found) in zip(queries, many) {
      #expect(found == index.scan(query, limit: 7, scratch: scratch))
    }
  }

  @Test(arguments: [8, 32, 100]) func graphsFindNearlyAll(rowBytes: Int) throws {
    let data = Data(count: 2_000, rowBytes: rowBytes)
    let index = try data.index(.hnsw(.init(m: 12, efConstruction: 100)))
    #expect(try IndexVerification().check(index).passed)
    let scratch = SearchScratch()
    var right = 0
    for row in stride(from: 0, to: 2_000, by: 40) {
      let exact = data.exact(data.rows[row], limit: 10)
      let found = index.search(query(data.rows[row]), limit: 10, ef: 80, scratch: scratch)
      #expect(found.count == 10)
      right += found.filter { $0.distance <= exact[9].distance }.count
      // What is found carries its true distance.
      let truth = data.exact(data.rows[row], limit: 2_000)
      for hit in found.prefix(3) {
        #expect(truth.contains { $0.docID == hit.docID && $0.distance == hit.distance })
      }
    }
    #expect(right >= 490, "\(right) of 500")
  }

  @Test func theBytesAreTheSameAtAnyNumberOfThreads() throws {
    let data = Data(count: 1_500, rowBytes: 16)
    let kind = IndexKind.hnsw(.init(m: 8, efConstruction: 60))
    let one = MemorySections()
    let two = MemorySections()
    let built = try data.build(kind, threads: 1)
    try built.write(to: one)
    let other = try data.build(kind, threads: 2)
    try other.write(to: two)
    #expect(built.header.identifier == other.header.identifier)
    #expect(one.kinds == two.kinds)
    for kind in one.kinds { #expect(one.copy(kind) == two.copy(kind)) }
  }

  @Test func aGraphIsReusedWithoutTheRowsThatAreGone() throws {
    let data = Data(count: 1_000, rowBytes: 16)
    let kind = IndexKind.hnsw(.init(m: 8, efConstruction: 60))
    let base = try data.index(kind)
    let gone = Set(stride(from: 0, to: 1_000, by: 10).map { data.docIDs[$0] })
    let built = try data.build(kind, base: base, vanished: gone)
    #expect(built.report.reusedNodes > 500)
    let index = try IndexFixture.open(built).index
    #expect(index.count == 900)
    let found = index.search(query(data.rows[5]), limit: 10, ef: 60, scratch: SearchScratch())
    #expect(found.allSatisfy { !gone.contains($0.docID) } && found.first?.distance == 0)
  }

  @Test func queriesOfAnotherKindFindNothing() throws {
    let data = Data(count: 100, rowBytes: 4)
    let bits = try data.index(.flat)
    let scratch = SearchScratch()
    let floats = SegmentQuery(metric: .hamming, vector: [Float](repeating: 0, count: 32))
    #expect(bits.scan(floats, limit: 5, scratch: scratch).isEmpty)
    #expect(bits.scan(query([1, 2, 3]), limit: 5, scratch: scratch).isEmpty)
    let numbers = IndexFixture(.hamming, count: 50, dimensions: 32)
    let other = try numbers.index(.flat, .float32)
    #expect(other.scan(query([1, 2, 3, 4]), limit: 5, scratch: scratch).isEmpty)
  }

  @Test func whatCannotBeBitsIsRefused() throws {
    let data = Data(count: 20, rowBytes: 2)
    for (metric, dimensions) in [(Metric.l2Squared, 16), (.hamming, 15)] {
      let builder = SegmentBuilder(
        kind: .flat, encoding: .bits, metric: metric, dimensions: dimensions, interval: 1...100)
      let error = #expect(throws: StoreError.self) { try builder.build(from: data.source()) }
      #expect(error?.code == .invalidConfiguration)
    }
  }

  /// Every byte of the parameters changed: it opens and answers within bounds, or is corruption.
  @Test func damagedParametersOpenOrAreCorruption() throws {
    let data = Data(count: 400, rowBytes: 8)
    let built = try data.build(.hnsw(.init(m: 4, efConstruction: 20)))
    let parameters = SectionKind(rawValue: 0x6D72_6170)
    let memory = MemorySections()
    try built.write(to: memory)
    let whole = memory.copy(parameters) ?? []
    #expect(whole.count == 128)
    for place in whole.indices {
      for value in [0, 1, 0x7F, 0xFF] as [UInt8] where whole[place] != value {
        var bytes = whole
        bytes[place] = value
        try memory.replace(parameters, with: bytes)
        do throws(StoreError) {
          let index = try SegmentIndex(sections: memory.sections(header: built.header))
          let found = index.search(
            query(data.rows[1]), limit: 5, ef: 20, scratch: SearchScratch())
          #expect(found.count <= 5)
        } catch {
          #expect(error.code == .corruption)
        }
      }
    }
  }
}
