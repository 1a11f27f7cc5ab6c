import SegmentFiles
import StorageIO
import Synchronization
import TestSupport
import Testing

@Suite("The verifier")
struct SegmentVerifierTests {
  let directory: TemporaryDirectory
  let path: String
  let intact: [UInt8]
  static let block = 65_536

  init() throws {
    directory = try TemporaryDirectory()
    path = SegmentFileName.segment(0x17).path(in: directory.path)
    try SegmentFixture.write(
      in: directory.path,
      sections: [
        (SegmentFixture.alpha, 64, SegmentFixture.bytes(5 * Self.block + 100, seed: 3)),
        (SegmentFixture.beta, 4096, SegmentFixture.bytes(10, seed: 4)),
      ])
    intact = try SegmentFixture.contents(path)
  }

  private func findings(
    flipping offsets: [Int], deep: Bool = true
  ) throws -> [SegmentFinding] {
    var bytes = intact
    for offset in offsets { bytes[offset] ^= 0x10 }
    return try SegmentVerifier().verify(MemoryFile(bytes), number: 0x17, deep: deep)
  }

  @Test("names the damaged blocks, neighbours together")
  func blocks() throws {
    let reader = try SegmentReader(file: SegmentFixture.mapped(intact))
    let start = try #require(reader.sections.first?.offset)
    let found = try findings(flipping: [
      start, start + 2 * Self.block, start + 3 * Self.block + 7, start + 5 * Self.block + 99,
    ])
    #expect(
      found.map(\.range) == [
        start..<start + Self.block, start + 2 * Self.block..<start + 4 * Self.block,
        start + 5 * Self.block..<start + 5 * Self.block + 100,
      ])
    #expect(found.allSatisfy { $0.section == SegmentFixture.alpha && $0.code == .corruption })
    let text = found[0].error(path: path).description
    #expect(text.contains(path) && text.contains("lpha"), "\(text)")
  }

  @Test("finds bytes between the sections")
  func padding() throws {
    let reader = try SegmentReader(file: SegmentFixture.mapped(intact))
    let gap = try #require(reader.sections.first?.end)
    let found = try findings(flipping: [gap])
    #expect(found.count == 1 && found[0].section == nil && found[0].range?.lowerBound == gap)
  }

  @Test("reads only header, table and footer unless it goes deep")
  func shallow() throws {
    let reader = try SegmentReader(file: SegmentFixture.mapped(intact))
    let start = try #require(reader.sections.first?.offset)
    #expect(try findings(flipping: [start], deep: false) == [])
    let fileSystem = FaultInjectingFileSystem()
    #expect(
      try SegmentVerifier().verify(
        fileSystem: fileSystem, path: path, number: 0x17, deep: false) == [])
    #expect(fileSystem.calls.count { $0.hasPrefix("read ") } == 3)
  }

  @Test("passes failures of the disk on, at every call")
  func failures() throws {
    let counting = FaultInjectingFileSystem()
    _ = try SegmentVerifier().verify(fileSystem: counting, path: path, deep: true)
    for call in counting.calls.indices {
      let failing = FaultInjectingFileSystem(failAt: call)
      let error = #expect(throws: StoreError.self) {
        try SegmentVerifier().verify(fileSystem: failing, path: path, deep: true)
      }
      #expect(error?.code == .io, "call \(call)")
    }
    let error = #expect(throws: StoreError.self) {
      try SegmentVerifier().verify(
        fileSystem: PosixFileSystem(), path: path + ".none", deep: true)
    }
    #expect(error?.code == .notFound)
  }

  @Test("stops when it is cancelled")
  func cancelled() throws {
    let asked = Mutex(0)
    let verifier = SegmentVerifier {
      asked.withLock { asked in
        asked += 1
        return asked > 2
      }
    }
    let error = #expect(throws: StoreError.self) {
      try verifier.verify(MemoryFile(intact), deep: true)
    }
    #expect(error?.code == .cancelled)
  }
}
