import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

/// Whatever the bytes of lists are, a segment opens and answers, or is refused.
@Suite struct ListDamageTests {
  private static let plans: [EncodingPlan] = [.int8, .pq(.init(subvectors: 4, centroids: 16))]

  private let fixture = IndexFixture(.l2Squared, count: 1_100, dimensions: 8)

  private func built(_ plan: EncodingPlan) throws -> BuiltSegment {
    try fixture.builder(.lists(24), plan).build(from: fixture.source())
  }

  /// True if it opened.
  @discardableResult
  private func exercise(_ memory: MemorySections, _ built: BuiltSegment) throws -> Bool {
    let index: SegmentIndex
    do throws(StoreError) {
      index = try SegmentIndex(sections: memory.sections(header: built.header))
    } catch {
      #expect(error.code == .corruption)
      return false
    }
    let scratch = SearchScratch()
    let query = SegmentQuery(metric: .l2Squared, vector: fixture.vector(40))
    let filter = SearchFilter(allowed: stride(from: 0, to: 1_100, by: 2), rowCount: 1_100)
    for filter in [nil, filter] {
      for probes in [1, 24] {
        let found = index.search(query, limit: 10, ef: probes, filter: filter, scratch: scratch)
        #expect(found.count <= 10)
      }
    }
    _ = IndexVerification.structuralFindings(of: index)
    return true
  }

  @Test(arguments: plans) func randomBytesNeverTrap(_ plan: EncodingPlan) throws {
    let built = try built(plan)
    var generator = SeededGenerator(seed: 21)
    for kind in [SectionKind.kind, .lists, .blocks] {
      for share in [1, 20, 300] {
        let memory = MemorySections()
        try built.write(to: memory)
        guard var bytes = memory.copy(kind) else { continue }
        for _ in 0..<max(1, bytes.count / share) {
          bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
            UInt8.random(in: .min ... .max, using: &generator)
        }
        try memory.replace(kind, with: bytes)
        try exercise(memory, built)
      }
    }
  }

  @Test func everyByteOfTheCentroidsHeaderMayBeAnother() throws {
    let built = try built(.int8)
    var generator = SeededGenerator(seed: 22)
    let whole = MemorySections()
    try built.write(to: whole)
    let bytes = try #require(whole.copy(.kind))
    var refused = 0
    for position in 0..<128 {
      var damaged = bytes
      damaged[position] ^= UInt8.random(in: 1...255, using: &generator)
      try whole.replace(.kind, with: damaged)
      if try !exercise(whole, built) { refused += 1 }
    }
    #expect(refused >= 20)
  }

  @Test(arguments: plans) func shortOrMissingSectionsAreCorruption(_ plan: EncodingPlan) throws {
    let built = try built(plan)
    let whole = MemorySections()
    try built.write(to: whole)
    for kind in whole.kinds {
      for keep in [0, 1] {
        let memory = MemorySections()
        try built.write(to: memory)
        let bytes = memory.copy(kind) ?? []
        try memory.replace(kind, with: Array(bytes.prefix(keep * (bytes.count - 1))))
        #expect(try !exercise(memory, built), "\(kind)")
      }
    }
  }

  @Test func theStructureCheckSeesListsThatDoNotFit() throws {
    let built = try built(.pq(.init(subvectors: 4, centroids: 16)))
    func findings(_ kind: SectionKind, _ change: (inout [UInt8]) -> Void) throws -> [String] {
      let memory = MemorySections()
      try built.write(to: memory)
      var bytes = try #require(memory.copy(kind))
      change(&bytes)
      try memory.replace(kind, with: bytes)
      return IndexVerification.structuralFindings(
        of: try SegmentIndex(sections: memory.sections(header: built.header)))
    }
    #expect(try findings(.lists) { _ in }.isEmpty)
    // The second list begins a row later, the last one ends a row earlier, a spread is no number.
    #expect(try !findings(.lists) { $0[4] &+= 1 }.isEmpty)
    #expect(try !findings(.lists) { $0[24 * 4] &-= 1 }.isEmpty)
    #expect(
      try !findings(.lists) { $0.replaceSubrange(200..<204, with: [0, 0, 0xC0, 0x7F]) }.isEmpty)
    #expect(try !findings(.blocks) { $0[0] ^= 1 }.isEmpty)
  }
}
