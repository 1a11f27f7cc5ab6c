import SegmentFiles
import StorageIO
import TestSupport
import Testing

@Suite("A damaged segment")
struct SegmentDamageTests {
  let intact: [UInt8]
  let summary: SegmentFileSummary

  init() throws {
    let directory = try TemporaryDirectory()
    summary = try SegmentFixture.write(in: directory.path)
    intact = try SegmentFixture.contents(SegmentFileName.segment(0x17).path(in: directory.path))
  }

  @Test("is reported as truncated at every length")
  func truncated() throws {
    for length in 0..<intact.count {
      let error = SegmentFixture.openError(Array(intact[..<length]))
      #expect(error?.code == .truncatedFile, "length \(length): \(String(describing: error))")
      let findings = try SegmentVerifier().verify(MemoryFile(Array(intact[..<length])), deep: true)
      #expect(findings.map(\.code) == [.truncatedFile], "length \(length)")
    }
  }

  @Test("is reported as too long whatever follows it")
  func extended() throws {
    var generator = SeededGenerator(seed: 11)
    for count in 1...200 {
      let random = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      for tail in [Array(repeating: 0, count: count), random, Array(intact.suffix(count))] {
        #expect(SegmentFixture.openError(intact + tail)?.code == .extendedFile, "by \(count)")
      }
    }
    #expect(SegmentFixture.openError(intact + intact)?.code == .extendedFile)
  }

  @Test("is found at every flipped bit: by opening it, or by its checksums")
  func everyBit() throws {
    for bit in 0..<intact.count * 8 {
      var bytes = intact
      bytes[bit / 8] ^= 1 << (bit % 8)
      let findings = try SegmentVerifier().verify(MemoryFile(bytes), deep: true)
      #expect(!findings.isEmpty, "bit \(bit): not found by the verifier")
      do throws(StoreError) {
        let reader = try SegmentReader(file: SegmentFixture.mapped(bytes), number: 0x17)
        #expect(reader.header == SegmentFixture.header(), "bit \(bit): another header was read")
        for (kind, _, expected) in SegmentFixture.small {
          let isIntact = try reader.requireSection(kind).elementsEqual(expected)
          let isCertified = (try? reader.verifySection(kind)) != nil
          #expect(isIntact == isCertified, "bit \(bit): section \(kind) is certified wrongly")
        }
      } catch {
        #expect(error.code == .corruption, "bit \(bit): \(error)")
      }
    }
  }

  @Test("is never another segment's: foreign files say so")
  func foreign() throws {
    let texts = ["\u{7F}ELF", "PNG", "SEAM", "{\"a\": 1}", "\n"]
    for text in texts {
      for count in [text.utf8.count, 127, 128, 300] {
        var bytes = Array(text.utf8)
        bytes += repeatElement(0x41, count: max(0, count - bytes.count))
        #expect(SegmentFixture.openError(bytes)?.code == .foreignFile, "\(text), \(count)")
        let findings = try SegmentVerifier().verify(MemoryFile(bytes), deep: false)
        #expect(findings.map(\.code) == [.foreignFile])
      }
    }
  }

  @Test("of zeros is a damaged one, as a file system leaves it after a power cut")
  func zeros() {
    let error = SegmentFixture.openError(Array(repeating: 0, count: intact.count))
    #expect(error?.code == .corruption)
  }

  @Test("of another format version says which, even if nothing else is understood")
  func versions() throws {
    for major in [UInt16(2), 3, 255, .max] {
      let newer = SegmentFixture.patchingHeader(
        intact, at: 8, [UInt8(major & 255), UInt8(major >> 8), 9, 9])
      for length in [128, 200, newer.count] {
        let error = SegmentFixture.openError(Array(newer[..<length]))
        #expect(error?.code == .formatTooNew)
        #expect(error?.message.contains("\(major).2313") == true)
      }
    }
    let older = SegmentFixture.patchingHeader(intact, at: 8, [0, 0, 7, 0])
    let error = SegmentFixture.openError(older)
    #expect(error?.code == .formatTooOld)
    #expect(error?.message.contains("0.7") == true)
    let findings = try SegmentVerifier().verify(MemoryFile(older), deep: true)
    #expect(findings.map(\.code) == [.formatTooOld])
  }

  @Test("of a newer minor version is read")
  func minorVersion() {
    #expect(
      SegmentFixture.openError(SegmentFixture.patchingHeader(intact, at: 10, [5, 0])) == nil)
  }

  @Test("is refused under another number, identifier or length than expected")
  func misdirected() {
    #expect(SegmentFixture.openError(intact, number: 0x18)?.code == .corruption)
    var expected = summary.expectation
    #expect(SegmentFixture.openError(intact, expecting: expected) == nil)
    expected.identifier.high ^= 1
    #expect(SegmentFixture.openError(intact, expecting: expected)?.code == .corruption)
    expected = summary.expectation
    expected.length += 64
    #expect(SegmentFixture.openError(intact, expecting: expected)?.code == .truncatedFile)
    expected.length -= 128
    #expect(SegmentFixture.openError(intact, expecting: expected)?.code == .extendedFile)
  }

  @Test("put together from two files of the same length is noticed")
  func spliced() throws {
    let directory = try TemporaryDirectory()
    var header = SegmentFixture.header()
    header.identifier.low ^= 1
    try SegmentFixture.write(in: directory.path, header: header)
    let other = try SegmentFixture.contents(
      SegmentFileName.segment(0x17).path(in: directory.path))
    let error = SegmentFixture.openError(intact[..<(intact.count - 64)] + other.suffix(64))
    #expect(error?.code == .corruption)
    #expect(error?.message.contains("another file") == true)
  }

  @Test("whose table leaves a gap before the footer, or reaches into it, is refused")
  func misplacedTable() {
    let footer = intact.count - 64
    for (offset, step) in [(footer + 8, 64), (footer, 64), (footer + 8, 1 << 40), (footer, 8)] {
      for sign in [1, -1] {
        var bytes = intact
        let word = SegmentResealing.word(offset, bytes) &+ UInt64(bitPattern: Int64(step * sign))
        SegmentResealing.put(word, at: offset, &bytes)
        if offset == footer { SegmentResealing.put(word, at: 96, &bytes) }
        SegmentResealing.reseal(&bytes)
        let error = SegmentFixture.openError(bytes)
        #expect(error?.message.contains("out of place") == true, "\(offset) \(step * sign)")
      }
    }
  }

  @Test("with right checksums and wrong contents never reads outside of itself", arguments: 0..<8)
  func hostile(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let words: [UInt64] = [0, 1, 63, 64, 127, 128, 192, 1 << 31, 1 << 32, 1 << 62, 1 << 63, .max]
    let table = Int(SegmentResealing.word(96, intact))
    var opened = 0
    for round in 0..<1500 {
      var bytes = intact
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let near = [80, table, intact.count - 64].randomElement(using: &generator) ?? 0
        let offset = min(near + Int.random(in: 0..<96, using: &generator), bytes.count - 8)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[offset] = UInt8.random(in: 0...255, using: &generator)
        case 1:
          SegmentResealing.put(words.randomElement(using: &generator) ?? 0, at: offset, &bytes)
        default:
          let word = SegmentResealing.word(offset, bytes)
          let step = UInt64.random(in: 0...130, using: &generator)
          SegmentResealing.put(word &+ step &- 65, at: offset, &bytes)
        }
      }
      SegmentResealing.reseal(&bytes)
      _ = try SegmentVerifier().verify(MemoryFile(bytes), deep: true)
      guard
        let reader = try? SegmentReader(file: SegmentFixture.mapped(bytes), number: nil)
      else { continue }
      opened += 1
      var end = 128
      for entry in reader.sections {
        #expect(
          entry.offset >= end && entry.length >= 0 && entry.end <= bytes.count - 64
            && entry.offset % entry.alignment == 0, "seed \(seed), round \(round): \(entry)")
        end = entry.end
        #expect(reader.section(entry.kind)?.count == entry.length)
        try? reader.verifySection(entry.kind)
      }
    }
    #expect(opened > 0, "seed \(seed): nothing got past the checksums")
  }
}
