import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

@Suite struct DamageTests {
  let fixture: IndexFixture
  let built: BuiltSegment

  init() throws {
    var fixture = IndexFixture(.l2Squared, count: 300, dimensions: 8)
    for row in 0..<20 {
      fixture.values.replaceSubrange(row * 8..<row * 8 + 8, with: [1, 2, 3, 4, 5, 6, 7, 8])
    }
    self.fixture = fixture
    built = try fixture.builder(.hnsw(.init(m: 4, efConstruction: 30)), .int8)
      .build(from: fixture.source())
  }

  private func sections() throws -> MemorySections {
    let memory = MemorySections()
    try built.write(to: memory)
    return memory
  }

  /// Uses everything that reads the sections; what comes out may be wrong but must come out.
  private func exercise(_ index: SegmentIndex) throws {
    let scratch = SearchScratch()
    let filter = SearchFilter(allowed: stride(from: 0, to: 300, by: 3), rowCount: 300)
    let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(40))
    for filter in [nil, filter] {
      let walked = index.search(query, limit: 10, ef: 30, filter: filter, scratch: scratch)
      #expect(walked.count <= 10)
      let scanned = index.scan(query, limit: 10, filter: filter, scratch: scratch)
      #expect(scanned.count <= 10)
      // Those of other segments, or of none, are never named.
      #expect((walked + scanned).allSatisfy { fixture.interval.contains($0.docID) })
    }
    let allowed = index.filter(docIDs: fixture.docIDs, allowsListed: true, deleted: nil)
    let named = index.filter(bitmap: [~0, 0, 5], from: 1, allowsListed: false, deleted: [1])
    for filter in [filter, allowed, named] {
      let found = index.searchAllowed(query, limit: 10, ef: 30, filter: filter, scratch: scratch)
      #expect(found.count <= 10)
    }
    for docID in fixture.docIDs.prefix(20) { _ = index.ordinal(ofDocID: docID) }
    _ = try IndexVerification().check(index)
    let again = try fixture.builder(index.kind, .int8).build(from: fixture.source(), base: index)
    #expect(again.report.rows == 300)
    // Whatever the base was, nothing points outside.
    _ = try IndexVerification().check(IndexFixture.open(again).index)
  }

  @Test func soundSegmentsPass() throws {
    let index = try IndexFixture.open(built).index
    let outcome = try IndexVerification().check(index)
    #expect(outcome.passed && outcome.recall > 0.9 && outcome.selfFound > 0.99)
    #expect(outcome.samples == 128)
    try exercise(index)
  }

  @Test func randomBytesNeverTrap() throws {
    var generator = SeededGenerator(seed: 11)
    for kind in try sections().kinds where kind.rawValue != built.parametersKind.rawValue {
      for share in [1, 20, 300] {
        let memory = try sections()
        var bytes = memory.copy(kind) ?? []
        for _ in 0..<max(1, bytes.count / share) {
          bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
            UInt8.random(in: .min ... .max, using: &generator)
        }
        try memory.replace(kind, with: bytes)
        try exercise(SegmentIndex(sections: memory.sections(header: built.header)))
      }
    }
  }

  @Test func damagedParametersOpenOrThrowCorruption() throws {
    var generator = SeededGenerator(seed: 12)
    let kind = built.parametersKind
    let whole = try sections().copy(kind) ?? []
    for position in whole.indices {
      for _ in 0..<2 {
        var bytes = whole
        bytes[position] = UInt8.random(in: .min ... .max, using: &generator)
        let memory = try sections()
        try memory.replace(kind, with: bytes)
        do throws(StoreError) {
          let index = try SegmentIndex(sections: memory.sections(header: built.header))
          let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(40))
          _ = index.search(query, limit: 10, ef: 30, scratch: SearchScratch())
        } catch {
          #expect(error.code == .corruption)
        }
      }
    }
  }

  @Test func shortOrMissingSectionsAreCorruption() throws {
    for kind in try sections().kinds {
      for keep in [0, 1] {
        let memory = try sections()
        let bytes = memory.copy(kind) ?? []
        try memory.replace(kind, with: Array(bytes.prefix(keep * (bytes.count - 1))))
        #expect(throws: StoreError.self, "\(kind)") {
          try SegmentIndex(sections: memory.sections(header: built.header))
        }
      }
    }
    let none = MemorySections()
    #expect(throws: StoreError.self) {
      try SegmentIndex(sections: none.sections(header: built.header))
    }
  }

  @Test func headersThatDoNotFitAreCorruption() throws {
    func opens(_ change: (inout SegmentHeader) -> Void) throws -> Bool {
      var header = built.header
      change(&header)
      let memory = try sections()
      do throws(StoreError) {
        _ = try SegmentIndex(sections: memory.sections(header: header))
        return true
      } catch {
        #expect(error.code == .corruption)
        return false
      }
    }
    #expect(try opens { _ in })
    #expect(try !opens { $0.count = .max })
    #expect(try !opens { $0.count = 301 })
    #expect(try !opens { $0.dimensions = 0 })
    #expect(try !opens { $0.dimensions = .max })
    #expect(try !opens { $0.dimensions = 9 })
    #expect(try !opens { $0.encoding = 77 })
    #expect(try !opens { $0.encoding = 1 })
    #expect(try !opens { $0.metric = 0 })
    #expect(try !opens { $0.metric = 1 })
    #expect(try !opens { $0.kind = 1 })
  }

  @Test func aGraphThatFindsNothingFailsTheCheck() throws {
    let memory = try sections()
    let links = memory.kinds.first { $0 == built.baseLinksKind }
    let kind = try #require(links)
    try memory.replace(kind, with: Array(repeating: 0xFF, count: memory.copy(kind)?.count ?? 0))
    let index = try SegmentIndex(sections: memory.sections(header: built.header))
    #expect(try !IndexVerification().check(index).passed)
  }
}

extension BuiltSegment {
  var parametersKind: SectionKind { SectionKind(rawValue: 0x6D726170) }
  var baseLinksKind: SectionKind { SectionKind(rawValue: 0x306B6E6C) }
}
