import SegmentFiles
import StorageIO
import TestSupport
import Testing

@Suite("A written segment reads back")
struct SegmentRoundTripTests {
  let directory: TemporaryDirectory
  let fileSystem = PosixFileSystem()

  init() throws { directory = try TemporaryDirectory() }

  @Test("with its header, sections and length, under its name only")
  func small() throws {
    let summary = try SegmentFixture.write(in: directory.path)
    #expect(try fileSystem.list(directory.path) == ["0000000000000017.seg"])
    let reader = try SegmentReader.open(
      fileSystem: fileSystem, directory: directory.path, number: 0x17,
      expecting: summary.expectation)
    #expect(reader.header == SegmentFixture.header())
    #expect(reader.length == summary.length)
    #expect(reader.wholeChecksum == summary.wholeChecksum)
    #expect(reader.sections.map(\.kind) == SegmentFixture.small.map(\.0))
    for (kind, alignment, bytes) in SegmentFixture.small {
      let section = try reader.requireSection(kind)
      #expect(Array(section) == bytes)
      #expect(reader.sections.first { $0.kind == kind }.map { $0.offset % alignment } == 0)
      try reader.verifySection(kind)
    }
    #expect(reader.section(SegmentFixture.missing) == nil)
    let error = #expect(throws: StoreError.self) {
      try reader.requireSection(SegmentFixture.missing)
    }
    #expect(error?.code == .corruption)
  }

  @Test(
    "in whatever pieces and lengths it is written, and the verifier agrees",
    arguments: [
      0, 1, 63, 64, 65_535, 65_536, 65_537, 200_000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1,
      3_000_000,
    ])
  func pieces(length: Int) throws {
    let bytes = SegmentFixture.bytes(length, seed: UInt64(length))
    var generator = SeededGenerator(seed: 5)
    let writer = try SegmentWriter(
      fileSystem: fileSystem, directory: directory.path, number: 1,
      header: SegmentFixture.header())
    try writer.beginSection(SegmentFixture.beta)
    try writer.append([1, 2, 3])
    try writer.endSection()
    try writer.beginSection(SegmentFixture.alpha)
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...max(1, length / 2), using: &generator))
      try writer.append(Array(piece))
      rest = rest.dropFirst(piece.count)
    }
    try writer.endSection()
    writer.header.count = UInt64(length)
    let summary = try writer.finish()

    let reader = try SegmentReader.open(
      fileSystem: fileSystem, directory: directory.path, number: 1, expecting: summary.expectation)
    #expect(reader.header.count == UInt64(length))
    let section = try reader.requireSection(SegmentFixture.alpha)
    #expect(section.elementsEqual(bytes))
    try reader.verifySection(SegmentFixture.alpha)
    let offset = try #require(reader.sections.last?.offset)
    #expect(length >= 1 << 20 ? offset % (2 << 20) == 0 : offset == 192)
    #expect(
      try SegmentVerifier().verify(
        fileSystem: fileSystem, path: reader.path, number: 1, expecting: summary.expectation,
        deep: true) == [])
  }

  @Test("without any section")
  func noSections() throws {
    let summary = try SegmentFixture.write(in: directory.path, sections: [])
    #expect(summary.length == 128 + 64)
    let reader = try SegmentReader.open(
      fileSystem: fileSystem, directory: directory.path, number: 0x17)
    #expect(reader.sections.isEmpty)
  }

  @Test("byte for byte the same for the same input")
  func deterministic() throws {
    try SegmentFixture.write(in: directory.path, number: 1)
    let other = try TemporaryDirectory()
    try SegmentFixture.write(in: other.path, number: 1)
    let name = SegmentFileName.segment(1)
    #expect(
      try SegmentFixture.contents(name.path(in: directory.path))
        == SegmentFixture.contents(name.path(in: other.path)))
  }

  @Test("and stays readable while the file is removed")
  func removedWhileMapped() throws {
    try SegmentFixture.write(in: directory.path)
    let reader = try SegmentReader.open(
      fileSystem: fileSystem, directory: directory.path, number: 0x17)
    try fileSystem.remove(reader.path)
    try reader.verifySection(SegmentFixture.alpha)
  }
}
