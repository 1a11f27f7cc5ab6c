import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

/// Buckets of packed bits: complete answers with true distances, better ones the more bits may differ.
@Suite struct HashIndexTests {
  private static let rowBytes = 8

  /// Rows around centres, a bit in sixteen turned over.
  private let rows = BitRows.clustered(1_200, centres: 40, bytes: rowBytes, rarity: 4, seed: 21)

  private func build(_ parameters: HashParameters) throws -> BuiltSegment {
    try SegmentBuilder(
      kind: .hash(parameters), encoding: .bits, metric: .hamming, dimensions: Self.rowBytes * 8,
      interval: 1...5_000, threads: 2
    ).build(
      from: ArrayVectorSource(
        docIDs: (0..<UInt64(rows.count)).map { 1 + 3 * $0 }, bits: rows.flatMap { $0 },
        rowBytes: Self.rowBytes, vanished: [4]))
  }

  private func query(_ bits: [UInt8]) -> SegmentQuery {
    SegmentQuery(metric: .hamming, value: .bits(bits))
  }

  /// Distances of the nearest allowed rows.
  private func exact(_ query: [UInt8], _ limit: Int, step: Int = 1) -> [Float] {
    let all = rows.indices.filter { $0 != 1 && $0 % step == 0 }.map { row in
      Float(zip(rows[row], query).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount })
    }
    return Array(all.sorted().prefix(limit))
  }

  @Test(
    arguments: [
      .init(bits: 1), .init(bits: 8), .init(bits: 8, seed: 5), .init(bits: 16),
      .init(bits: 20, seed: 3), .init(bits: 32), .init(bits: 8, tables: 8),
      .init(bits: 6, tables: 3, seed: 9), .init(bits: 32, tables: 2), .init(bits: 1, tables: 64),
    ] as [HashParameters])
  func everyBitThatMayDifferFindsMore(_ parameters: HashParameters) throws {
    let bits = parameters.bits
    let index = try IndexFixture.open(try build(parameters)).index
    #expect(index.kind == .hash(parameters))
    #expect(try IndexVerification().check(index).findings == [])
    let scratch = SearchScratch()
    var last = 0
    for flips in [0, 1, 2, bits] {
      var right = 0
      for row in stride(from: 0, to: 1_200, by: 60) {
        let truth = exact(rows[row], 10)
        let found = index.search(query(rows[row]), limit: 10, ef: flips, scratch: scratch)
        #expect(found.count == 10 && Set(found.map(\.docID)).count == 10)
        for hit in found {
          let own = rows[(Int(hit.docID) - 1) / 3]
          #expect(
            hit.distance
              == Float(zip(own, rows[row]).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }))
        }
        right += found.filter { $0.distance <= truth[9] }.count
      }
      // Where buckets hold too few rows, all rows are compared, which finds more than many flips do.
      if bits <= 8 {
        #expect(right >= last, "\(bits) bits, \(flips) flips: \(right) after \(last)")
      }
      last = right
    }
    #expect(last == 200)
  }

  @Test func moreTablesFindMore() throws {
    var last = 0
    for tables in [1, 5] {
      let index = try IndexFixture.open(try build(.init(bits: 12, tables: tables))).index
      var right = 0
      var compared = 0
      for row in stride(from: 0, to: 1_200, by: 40) {
        let scratch = SearchScratch()
        let found = index.search(query(rows[row]), limit: 3, ef: 0, scratch: scratch)
        right += found.filter { $0.distance <= exact(rows[row], 3)[2] }.count
        compared += scratch.statistics.distances
      }
      // Far fewer than all rows, and none of them twice.
      #expect(compared < 30 * 600, "\(tables) tables: \(compared)")
      #expect(right > last, "\(tables) tables: \(right) after \(last)")
      last = right
    }
    #expect(last >= 85)
  }

  @Test(arguments: [1, 3]) func fewAllowedRowsAreAllFound(tables: Int) throws {
    let index = try IndexFixture.open(try build(.init(bits: 16, tables: tables))).index
    // DocIDs are 1, 7, 10, …: rows of the segment lie in the order of their buckets.
    let docIDs = stride(from: UInt64(0), to: 1_200, by: 100).map { 1 + 3 * $0 }
    let filter = index.filter(docIDs: docIDs, allowsListed: true, deleted: nil)
    for limit in [1, 5, 12, 40] {
      let found = index.search(
        query(rows[7]), limit: limit, ef: 0, filter: filter, scratch: SearchScratch())
      #expect(found.count == min(limit, 12))
      #expect(found.allSatisfy { docIDs.contains($0.docID) })
    }
    let all = index.search(
      query(rows[7]), limit: 12, ef: 16, filter: filter, scratch: SearchScratch())
    #expect(all.map(\.distance) == exact(rows[7], 12, step: 100))
    #expect(
      index.search(query(rows[7]), limit: 5_000, ef: 0, scratch: SearchScratch()).count == 1_199)
  }

  @Test func theSameRowsGiveTheSameBytes() throws {
    let one = MemorySections()
    let two = MemorySections()
    try build(.init(bits: 12, tables: 2)).write(to: one)
    try build(.init(bits: 12, tables: 2)).write(to: two)
    for kind in one.kinds { #expect(one.copy(kind) == two.copy(kind)) }
  }

  @Test(arguments: [1, 2]) func damagedBucketsOpenOrAreCorruption(tables: Int) throws {
    let built = try build(.init(bits: 6, tables: tables))
    let whole = MemorySections()
    try built.write(to: whole)
    for name in ["kind", "bckt"] {
      let letters = Array(name.utf8).enumerated().reduce(UInt32(0)) {
        $0 | UInt32($1.element) << UInt32(8 * $1.offset)
      }
      let kind = SectionKind(rawValue: letters)
      let bytes = try #require(whole.copy(kind))
      for place in stride(
        from: 0, to: bytes.count, by: name == "kind" ? 1 : 3 + bytes.count / 400)
      {
        for value in [0, 0x7F, 0xFF] as [UInt8] where bytes[place] != value {
          var changed = bytes
          changed[place] = value
          try whole.replace(kind, with: changed)
          do throws(StoreError) {
            let index = try SegmentIndex(sections: whole.sections(header: built.header))
            let found = index.search(
              query(rows[3]), limit: 5, ef: 1, scratch: SearchScratch())
            #expect(found.count == 5)
            _ = IndexVerification.structuralFindings(of: index)
          } catch {
            #expect(error.code == .corruption)
          }
        }
      }
      for length in [0, 8, bytes.count - 4] {
        try whole.replace(kind, with: Array(bytes.prefix(length)))
        #expect(throws: StoreError.self) {
          try SegmentIndex(sections: whole.sections(header: built.header))
        }
      }
      try whole.replace(kind, with: bytes)
    }
  }

  @Test func whatHasNoBitsHasNoBuckets() throws {
    let numbers = IndexFixture(.l2Squared, count: 20, dimensions: 8)
    for parameters in [
      HashParameters(bits: 4), .init(bits: 0), .init(bits: 33), .init(bits: 1, tables: 0),
    ] {
      let error = #expect(throws: StoreError.self) {
        try numbers.builder(.hash(parameters), .float32).build(from: numbers.source())
      }
      #expect(error?.code == .invalidConfiguration)
    }
    #expect(throws: StoreError.self) { try build(.init(bits: 33)) }
    #expect(throws: StoreError.self) { try build(.init(bits: 13, tables: 5)) }
    let source = ArrayVectorSource(docIDs: [1, 2], bits: [1, 2], rowBytes: 1)
    for kind in [
      IndexKind.annoy(.init(trees: 1)), .custom(.init(name: "tests.Own")),
    ] {
      let builder = SegmentBuilder(
        kind: kind, encoding: .bits, metric: .hamming, dimensions: 8, interval: 1...2)
      let error = #expect(throws: StoreError.self) { try builder.build(from: source) }
      #expect(error?.code == .invalidConfiguration && error?.message.contains(kind.name) == true)
    }
  }
}
