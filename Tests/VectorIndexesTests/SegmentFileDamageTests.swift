import SegmentFiles
import StorageIO
import TestSupport
import Testing
import VectorIndexes
import VectorMath

/// Files of every kind with every encoding: whatever is changed in one, its checksums tell. With `SEAMSTONE_LONG_TESTS` every bit and
/// every length; else some of them.
@Suite("A damaged file of any kind and encoding") struct KindFileDamageTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let kind: IndexKind
    let plan: EncodingPlan
    var testDescription: String { "\(kind.name) \(plan)" }
  }

  static let cases: [Case] =
    [.flat, .hnsw(.init(m: 4, efConstruction: 20)), .lists(5)].flatMap { kind in
      ([.float32, .int8, .bits] + EncodingCase.each.map(\.plan)).map { Case(kind: kind, plan: $0) }
    } + [.float32, .float16, .int8].map { Case(kind: .annoy(.init(trees: 2, seed: 1)), plan: $0) }
    + [Case(kind: .hash(.init(bits: 4, tables: 2)), plan: .bits)]

  /// A file of 80 rows.
  private func file(_ setting: Case) throws -> [UInt8] {
    let rows = 80
    let built: BuiltSegment
    if setting.plan == .bits {
      let bits = BitRows.clustered(rows, centres: 5, bytes: 8, rarity: 3, seed: 31)
      built = try SegmentBuilder(
        kind: setting.kind, encoding: .bits, metric: .hamming, dimensions: 64,
        interval: 1...UInt64(rows), threads: 1
      ).build(
        from: ArrayVectorSource(
          docIDs: (1...UInt64(rows)).map { $0 }, bits: bits.flatMap { $0 }, rowBytes: 8,
          vanished: []))
    } else {
      let fixture = IndexFixture(.l2Squared, count: rows, dimensions: EncodingCase.dimensions)
      built = try fixture.builder(setting.kind, setting.plan).build(from: fixture.source())
    }
    #expect(built.header.kind == setting.kind.rawKind)
    let directory = try TemporaryDirectory()
    let writer = try SegmentWriter(
      fileSystem: PosixFileSystem(), directory: directory.path, number: 9, header: built.header)
    try built.write(to: writer)
    _ = try writer.finish()
    let file = try PosixFileSystem().openFile(SegmentFileName.segment(9).path(in: directory.path))
    defer { file.close() }
    return try file.readBytes(file.length, at: 0)
  }

  private func findings(_ bytes: [UInt8]) throws -> [SegmentFinding] {
    try SegmentVerifier().verify(MemoryFile(bytes), number: 9, deep: true)
  }

  @Test(arguments: cases) func everyBitAndEveryLengthCounts(_ setting: Case) throws {
    let intact = try file(setting)
    #expect(try findings(intact).isEmpty)
    let some = TestSettings.isLong ? 1 : intact.count / 12
    for place in stride(from: 0, to: intact.count, by: some) {
      for bit in TestSettings.isLong ? 0..<8 : place % 8..<place % 8 + 1 {
        var bytes = intact
        bytes[place] ^= 1 << UInt8(bit)
        #expect(try !findings(bytes).isEmpty, "bit \(bit) of byte \(place)")
      }
    }
    for length in stride(from: 0, to: intact.count, by: some) {
      let codes = try findings(Array(intact.prefix(length))).map(\.code)
      #expect(codes == [.truncatedFile], "length \(length)")
    }
  }

  /// Blocks as disks write them.
  @Test(arguments: cases) func blocksThatAreSwappedOrZeroCount(_ setting: Case) throws {
    let intact = try file(setting)
    let size = intact.count < 8_192 ? 64 : 512
    let blocks = intact.count / size
    #expect(blocks > 4)
    let some = TestSettings.isLong ? 1 : max(1, blocks / 6)
    for block in stride(from: 0, to: blocks, by: some) {
      let range = block * size..<(block + 1) * size
      var zeroed = intact
      zeroed.replaceSubrange(range, with: repeatElement(0, count: size))
      let other = (block + 1 + blocks / 3) % blocks
      var swapped = intact
      swapped.replaceSubrange(range, with: intact[other * size..<(other + 1) * size])
      swapped.replaceSubrange(other * size..<(other + 1) * size, with: intact[range])
      for bytes in [zeroed, swapped] where bytes != intact {
        #expect(try !findings(bytes).isEmpty, "block \(block)")
      }
    }
  }
}
