import SegmentFiles
import StorageIO
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite("The segment writer")
struct SegmentWriterTests {
  let directory: TemporaryDirectory
  let fileSystem = PosixFileSystem()

  init() throws { directory = try TemporaryDirectory() }

  private func writer() throws -> SegmentWriter {
    try SegmentWriter(
      fileSystem: fileSystem, directory: directory.path, number: 9,
      header: SegmentFixture.header())
  }

  private func names() throws -> [String] { try fileSystem.list(directory.path) }

  private func code(_ body: () throws -> Void) -> StoreError.Code? {
    do {
      try body()
      return nil
    } catch { return (error as? StoreError)?.code }
  }

  @Test("removes its file when it is abandoned or dropped")
  func abandon() throws {
    let first = try writer()
    try first.beginSection(SegmentFixture.alpha)
    try first.append([1])
    #expect(try names() == ["0000000000000009.seg.tmp"])
    first.abandon()
    #expect(try names() == [])
    first.abandon()
    #expect(code { try first.endSection() } == .closed)
    do { _ = try writer() }
    #expect(try names() == [])
  }

  @Test("leaves a finished segment alone")
  func finished() throws {
    let writer = try writer()
    _ = try writer.finish()
    writer.abandon()
    #expect(try names() == ["0000000000000009.seg"])
    #expect(code { _ = try writer.finish() } == .closed)
    #expect(code { try writer.beginSection(SegmentFixture.alpha) } == .closed)
  }

  @Test("never overwrites: not a segment, not one being written")
  func exists() throws {
    let first = try writer()
    #expect(code { _ = try writer() } == .alreadyExists)
    #expect(try names() == ["0000000000000009.seg.tmp"])
    _ = try first.finish()
    #expect(code { _ = try writer() } == .alreadyExists)
    #expect(try names() == ["0000000000000009.seg"])
  }

  @Test("refuses steps out of order and sections that cannot be read back")
  func misuse() throws {
    let writer = try writer()
    #expect(code { try writer.append([1]) } == .internalError)
    #expect(code { try writer.endSection() } == .internalError)
    for alignment in [0, -1, 3, 4 << 20, .min] {
      #expect(
        code { try writer.beginSection(SegmentFixture.alpha, alignment: alignment) }
          == .internalError)
    }
    try writer.beginSection(SegmentFixture.alpha)
    #expect(code { try writer.beginSection(SegmentFixture.beta) } == .internalError)
    #expect(code { _ = try writer.finish() } == .internalError)
    try writer.endSection()
    #expect(code { try writer.beginSection(SegmentFixture.alpha) } == .internalError)
    writer.header.lastDocID = 0
    #expect(code { _ = try writer.finish() } == .internalError)
    writer.header.lastDocID = 30_000
    _ = try writer.finish()
  }

  @Test("leaves nothing behind when any call fails, and says why", arguments: [false, true])
  func failures(torn: Bool) throws {
    let sections =
      SegmentFixture.small + [
        (SectionKind(rawValue: 50), 64, SegmentFixture.bytes((1 << 20) + 5, seed: 8))
      ]
    let counting = FaultInjectingFileSystem()
    let other = try TemporaryDirectory()
    try SegmentFixture.write(counting, in: other.path, sections: sections)
    let calls = counting.calls
    #expect(calls.count > 8)
    for call in calls.indices {
      let failing = FaultInjectingFileSystem(
        failAt: call, fault: torn ? .tear(.noSpace) : .fail(.noSpace))
      let error = #expect(throws: StoreError.self, "\(calls[call])") {
        try SegmentFixture.write(failing, in: directory.path, sections: sections)
      }
      #expect(error?.code == .noSpace, "\(calls[call])")
      #expect(try names() == [], "\(calls[call])")
    }
    try SegmentFixture.write(in: directory.path, sections: sections)
  }

  @Test("leaves no half segment under a final name when the disk dies at any call")
  func deadDisk() throws {
    let counting = FaultInjectingFileSystem()
    try SegmentFixture.write(counting, in: directory.path)
    for call in counting.calls.indices {
      let place = try TemporaryDirectory()
      let dying = FaultInjectingFileSystem(failAt: call, fault: .tear(.io), failsForEver: true)
      #expect(throws: StoreError.self) { try SegmentFixture.write(dying, in: place.path) }
      for name in try fileSystem.list(place.path) where SegmentFileName.parse(name) != nil {
        let path = "\(place.path)/\(name)"
        #expect(
          try SegmentVerifier().verify(fileSystem: fileSystem, path: path, deep: true) == [],
          "call \(call)")
      }
    }
  }

  @Test("syncs the file before it gets its name, and the directory after")
  func order() throws {
    let counting = FaultInjectingFileSystem()
    try SegmentFixture.write(counting, in: directory.path)
    let names = counting.calls.compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(names.suffix(4) == ["sync", "close", "rename", "syncDirectory"])
    #expect(names.lastIndex(of: "write") == names.count - 5)
  }

  @Test("leaves holes where large sections are aligned, so that they cost no disk")
  func sparse() throws {
    let summary = try SegmentFixture.write(
      in: directory.path,
      sections: (0..<3).map {
        (SectionKind(rawValue: $0 + 1), 64, SegmentFixture.bytes(1 << 20, seed: UInt64($0)))
      })
    #expect(summary.length > 7 << 20 && summary.length < 8 << 20)
    var info = stat()
    #expect(stat(SegmentFileName.segment(0x17).path(in: directory.path), &info) == 0)
    #expect(Int(info.st_blocks) * 512 < 4 << 20)
  }
}
