import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

/// Whatever the bytes of an encoded segment are, it opens and answers, or is refused.
@Suite struct EncodingDamageTests {
  private static let parameters = SectionKind(rawValue: 0x6D72_6170)
  private static let rows = SectionKind(rawValue: 0x7377_6F72)
  private static let finer = SectionKind(rawValue: 0x7473_6572)

  private struct Segment {
    let fixture: IndexFixture
    let built: BuiltSegment

    init(_ setting: EncodingCase) throws {
      fixture = IndexFixture(setting.metric, count: 1000, dimensions: EncodingCase.dimensions)
      built = try fixture.builder(.hnsw(.init(m: 4, efConstruction: 20)), setting.plan)
        .build(from: fixture.source())
    }

    func sections() throws -> MemorySections {
      let memory = MemorySections()
      try built.write(to: memory)
      return memory
    }

    /// Uses everything that reads rows and parameters; true if the segment opened.
    @discardableResult
    func exercise(_ memory: MemorySections, thoroughly: Bool) throws -> Bool {
      let index: SegmentIndex
      do throws(StoreError) {
        index = try SegmentIndex(sections: memory.sections(header: built.header))
      } catch {
        #expect(error.code == .corruption)
        return false
      }
      let scratch = SearchScratch()
      let query = SegmentQuery(metric: fixture.metric, vector: fixture.vector(40))
      #expect(index.search(query, limit: 10, ef: 30, scratch: scratch).count <= 10)
      guard thoroughly else { return true }
      #expect(index.scan(query, limit: 10, scratch: scratch).count <= 10)
      var check = IndexVerification()
      check.originals = fixture.source()
      _ = try check.check(index)
      let again = try fixture.builder(index.kind, .int4).build(from: fixture.source(), base: index)
      #expect(again.report.rows == 1000)
      return true
    }
  }

  @Test(arguments: EncodingCase.each)
  func damagedParametersOpenOrAreCorruption(_ setting: EncodingCase) throws {
    var generator = SeededGenerator(seed: 31)
    let segment = try Segment(setting)
    let whole = try segment.sections().copy(Self.parameters) ?? []
    // All of the layout and of what begins the encoding, and some of what follows.
    let places =
      Array(0..<min(whole.count, 260))
      + (0..<60).map { _ in Int.random(in: whole.indices, using: &generator) }
    let memory = try segment.sections()
    for place in places {
      var bytes = whole
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try memory.replace(Self.parameters, with: bytes)
      try segment.exercise(memory, thoroughly: false)
      bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
      try memory.replace(Self.parameters, with: bytes)
      try segment.exercise(memory, thoroughly: false)
    }
    for length in [0, 127, 128, 140, 159, 160, whole.count - 1] where length < whole.count {
      try memory.replace(Self.parameters, with: Array(whole.prefix(length)))
      #expect(try !segment.exercise(memory, thoroughly: false), "\(length) bytes")
    }
    try memory.replace(Self.parameters, with: whole + [0])
    #expect(try !segment.exercise(memory, thoroughly: false))
    try memory.replace(Self.parameters, with: whole)
    #expect(try segment.exercise(memory, thoroughly: true))
  }

  @Test(arguments: EncodingCase.each)
  func damagedRowsNeverTrap(_ setting: EncodingCase) throws {
    var generator = SeededGenerator(seed: 32)
    let segment = try Segment(setting)
    let whole = try segment.sections().copy(Self.rows) ?? []
    for share in [1, 10, 500] {
      var bytes = whole
      for _ in 0..<max(1, bytes.count / share) {
        bytes[Int.random(in: bytes.indices, using: &generator)] =
          UInt8.random(in: .min ... .max, using: &generator)
      }
      let memory = try segment.sections()
      try memory.replace(Self.rows, with: bytes)
      #expect(try segment.exercise(memory, thoroughly: true))
    }
    let memory = try segment.sections()
    try memory.replace(Self.rows, with: [UInt8](repeating: 0xFF, count: whole.count))
    #expect(try segment.exercise(memory, thoroughly: true))
    try memory.replace(Self.rows, with: Array(whole.dropLast()))
    #expect(try !segment.exercise(memory, thoroughly: false))
  }

  @Test func damagedFinerHalvesNeverTrap() throws {
    var generator = SeededGenerator(seed: 33)
    let setting = try #require(EncodingCase.each.first { $0.plan == .int4 })
    let segment = try Segment(setting)
    let whole = try #require(try segment.sections().copy(Self.finer))
    let memory = try segment.sections()
    let noise = whole.map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    for bytes in [noise, [UInt8](repeating: 0xFF, count: whole.count)] {
      try memory.replace(Self.finer, with: bytes)
      #expect(try segment.exercise(memory, thoroughly: true))
    }
    try memory.replace(Self.finer, with: Array(whole.dropLast()))
    #expect(try !segment.exercise(memory, thoroughly: false))
    memory.remove(Self.finer)
    #expect(try !segment.exercise(memory, thoroughly: false))
  }

  @Test(arguments: EncodingCase.each)
  func headersThatDoNotFitAreCorruption(_ setting: EncodingCase) throws {
    let segment = try Segment(setting)
    let memory = try segment.sections()
    func opens(_ change: (inout SegmentHeader) -> Void) -> Bool {
      var header = segment.built.header
      change(&header)
      return (try? SegmentIndex(sections: memory.sections(header: header))) != nil
    }
    #expect(opens { _ in })
    #expect(!opens { $0.dimensions = 47 })
    #expect(!opens { $0.dimensions = 96 })
    #expect(!opens { $0.metric = 5 })
    #expect(!opens { $0.metric = 1 })
    for kind in 0...9 as ClosedRange<UInt16> where kind != setting.plan.kind.rawValue {
      #expect(!opens { $0.encoding = kind }, "\(kind)")
    }
  }
}
