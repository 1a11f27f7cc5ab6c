import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorMath

@testable import VectorIndexes

@Suite("A damaged forest") struct ForestDamageTests {
  private let fixture = IndexFixture(.l2Squared, count: 400, dimensions: 8)
  private let built: BuiltSegment

  init() throws {
    built = try fixture.builder(.annoy(.init(trees: 4, seed: 1)), .int8)
      .build(from: fixture.source())
  }

  private func sections() throws -> MemorySections {
    let memory = MemorySections()
    try built.write(to: memory)
    return memory
  }

  /// What comes out may be wrong but must come out, soon, and must be rows of the segment.
  private func exercise(_ index: SegmentIndex) throws {
    let scratch = SearchScratch()
    let filter = SearchFilter(allowed: stride(from: 0, to: 400, by: 3), rowCount: 400)
    let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(40))
    for filter in [nil, filter] {
      for ef in [1, 50, .max] {
        let found = index.search(query, limit: 10, ef: ef, filter: filter, scratch: scratch)
        #expect(found.count == 10 && Set(found.map(\.docID)).count == 10)
      }
    }
    _ = try IndexVerification().check(index)
  }

  @Test("a sound one passes its check")
  func sound() throws {
    let index = try SegmentIndex(sections: sections().sections(header: built.header))
    let outcome = try IndexVerification().check(index)
    #expect(outcome.passed && outcome.recall > 0.99)
    try exercise(index)
  }

  @Test("random bytes in its sections are survived, and found by the check")
  func randomBytes() throws {
    var generator = SeededGenerator(seed: 21)
    for kind in [SectionKind.splits, .planes, .leaves] {
      for share in [1, 20, 300] {
        let memory = try sections()
        var bytes = try #require(memory.copy(kind))
        for _ in 0..<max(1, bytes.count / share) {
          bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
            UInt8.random(in: .min ... .max, using: &generator)
        }
        try memory.replace(kind, with: bytes)
        let index = try SegmentIndex(sections: memory.sections(header: built.header))
        try exercise(index)
        if kind != .planes, share < 300 {
          #expect(!IndexVerification.structuralFindings(of: index).isEmpty, "\(kind) \(share)")
        }
      }
    }
  }

  @Test("trees that go round in circles end")
  func circles() throws {
    let memory = try sections()
    var bytes = try #require(memory.copy(.splits))
    // Both sides of every split lead to the first.
    for split in stride(from: 0, to: bytes.count, by: SplitRecord.byteCount) {
      for byte in 0..<8 { bytes[split + byte] = 0 }
    }
    try memory.replace(.splits, with: bytes)
    let index = try SegmentIndex(sections: memory.sections(header: built.header))
    try exercise(index)
    let findings = IndexVerification.structuralFindings(of: index)
    #expect(findings.contains { $0.contains("two parents") })
  }

  @Test("parameters that cannot be are corruption")
  func parameters() throws {
    var generator = SeededGenerator(seed: 22)
    let whole = try #require(try sections().copy(.kind))
    for position in whole.indices {
      for _ in 0..<3 {
        var bytes = whole
        bytes[position] = UInt8.random(in: .min ... .max, using: &generator)
        let memory = try sections()
        try memory.replace(.kind, with: bytes)
        do throws(StoreError) {
          let index = try SegmentIndex(sections: memory.sections(header: built.header))
          let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(40))
          #expect(index.search(query, limit: 10, ef: 50, scratch: SearchScratch()).count == 10)
        } catch {
          #expect(error.code == .corruption)
        }
      }
    }
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
  }
}
