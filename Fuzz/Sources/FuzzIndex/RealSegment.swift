import FuzzSamples
import SegmentFiles
import StorageIO
import VectorIndexes
import VectorMath

/// A segment that was built, section by section.
struct RealSegment: @unchecked Sendable {
  // Unchecked: its memory is never changed and never freed.
  static let parameters = SectionKind(rawValue: 0x6D72_6170)
  static let buckets = SectionKind(rawValue: 0x746B_6362)
  static let rows = SectionKind(rawValue: 0x7377_6F72)
  static let kind = SectionKind(rawValue: 0x646E_696B)
  static let lists = SectionKind(rawValue: 0x7473_696C)
  static let splits = SectionKind(rawValue: 0x6C70_7366)
  static let planes = SectionKind(rawValue: 0x6E6C_7066)
  static let leaves = SectionKind(rawValue: 0x6661_656C)
  static let transform = SectionKind(rawValue: 0x6E61_7274)
  static let custom = SectionKind(rawValue: 0x7473_7563)
  private static let engines = CustomEngines([BytewiseKind()])

  let sample: Sample
  let header: SegmentHeader
  let sections: [SectionKind: [UInt8]]
  private let blocks: [SectionKind: UnsafeRawBufferPointer]

  init(_ sample: Sample, _ kind: IndexKind, _ transform: TransformPlan = .none) {
    let memory = MemorySections()
    let built = sample.build(kind, engines: Self.engines, transform: transform)
    do { try built.write(to: memory) } catch { fatalError("\(error)") }
    var sections: [SectionKind: [UInt8]] = [:]
    for kind in memory.kinds { sections[kind] = memory.copy(kind) }
    self.sample = sample
    self.sections = sections
    header = built.header
    blocks = sections.mapValues { UnsafeRawBufferPointer(Self.block($0)) }
  }

  /// A heap block of exactly the bytes, on a page as in a mapped file, so that the address sanitizer sees reads past its end.
  private static func block(_ bytes: [UInt8]) -> UnsafeMutableRawBufferPointer {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 4_096)
    block.copyBytes(from: bytes)
    return block
  }

  /// Opens it with another section in place of one and searches it every way.
  func search(replacing section: SectionKind, with bytes: [UInt8]) {
    let block = Self.block(bytes)
    defer { block.deallocate() }
    nonisolated(unsafe) let replaced = UnsafeRawBufferPointer(block)
    let index: SegmentIndex
    do throws(StoreError) {
      index = try SegmentIndex(
        sections: IndexSections(header: header, path: "fuzz") {
          $0 == section ? replaced : blocks[$0]
        }, engines: Self.engines)
    } catch {
      guard error.code == .corruption else { fatalError("refused with \(error)") }
      return
    }
    let scratch = SearchScratch()
    let query = SegmentQuery(metric: sample.metric, value: sample.query)
    _ = IndexVerification.structuralFindings(of: index)
    let found =
      index.search(query, limit: 10, ef: 20, scratch: scratch)
      + index.scan(query, limit: 10, scratch: scratch)
    for candidate in found where !header.interval.contains(candidate.docID) {
      fatalError("DocID \(candidate.docID) is outside the segment")
    }
  }
}

extension SegmentHeader {
  fileprivate var interval: ClosedRange<UInt64> { firstDocID...lastDocID }
}
