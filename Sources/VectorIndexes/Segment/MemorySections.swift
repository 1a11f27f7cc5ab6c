import SegmentFiles
import StorageIO

/// Sections in memory: for checks before anything is written, and for tests.
package final class MemorySections: SectionSink, @unchecked Sendable {
  // Sendable: written by one thread, read-only once it is handed to an index.

  private var sections: [SectionKind: AnonymousMemory] = [:]
  private var current: SectionKind?
  private var bytes: [UInt8] = []

  /// Creates a sink without sections.
  package init() {}

  package func beginSection(_ kind: SectionKind, alignment: Int) throws(StoreError) {
    current = kind
    bytes = []
  }

  package func append(_ new: UnsafeRawBufferPointer) throws(StoreError) {
    bytes.append(contentsOf: new)
  }

  package func endSection() throws(StoreError) {
    guard let kind = current else { return }
    let memory = try AnonymousMemory(count: bytes.count, purpose: "a section")
    bytes.withUnsafeBytes { raw in
      if let base = raw.baseAddress { memory.base.copyMemory(from: base, byteCount: raw.count) }
    }
    sections[kind] = memory
    current = nil
    bytes = []
  }

  /// Replaces a section's bytes, to see what damaged ones do.
  package func replace(_ kind: SectionKind, with new: [UInt8]) throws(StoreError) {
    current = kind
    bytes = new
    try endSection()
  }

  /// Takes a section away, as older formats had none.
  package func remove(_ kind: SectionKind) { sections[kind] = nil }

  /// A copy of a section's bytes.
  package func copy(_ kind: SectionKind) -> [UInt8]? {
    sections[kind].map { Array($0.bytes) }
  }

  /// The kinds that were written.
  package var kinds: [SectionKind] { sections.keys.sorted { $0.rawValue < $1.rawValue } }

  /// The sections for an index to open.
  package func sections(header: SegmentHeader) -> IndexSections {
    IndexSections(header: header, path: "(memory)") { self.sections[$0]?.bytes }
  }
}
