import SegmentFiles
import StorageIO

/// What an index reads its sections from: an open segment file, or a build still in memory.
package struct IndexSections: Sendable {
  /// The fixed fields.
  package let header: SegmentHeader
  /// Where the sections come from, for errors.
  package let path: String
  private let find: @Sendable (SectionKind) -> UnsafeRawBufferPointer?
  private let hint: @Sendable (SectionKind, MappedFile.Advice) -> Void

  /// `find` keeps the bytes it hands out alive and in place as long as it lives itself; `advise` tells the
  /// system how a section is going to be used, where that means something.
  package init(
    header: SegmentHeader, path: String,
    advise: @escaping @Sendable (SectionKind, MappedFile.Advice) -> Void = { _, _ in },
    find: @escaping @Sendable (SectionKind) -> UnsafeRawBufferPointer?
  ) {
    self.header = header
    self.path = path
    self.find = find
    hint = advise
  }

  /// Tells the system how a section is going to be used.
  func advise(_ kind: SectionKind, _ advice: MappedFile.Advice) { hint(kind, advice) }

  /// A section, if there is one.
  func section(_ kind: SectionKind) -> UnsafeRawBufferPointer? { find(kind) }

  /// A section of at least `bytes`, aligned for `alignment`.
  func require(
    _ kind: SectionKind, bytes: Int, alignment: Int = 64
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    guard let section = find(kind) else { throw damaged(kind, "is missing") }
    guard section.count >= bytes else {
      throw damaged(kind, "has \(section.count) bytes where \(bytes) are needed")
    }
    guard Int(bitPattern: section.baseAddress) % alignment == 0 else {
      throw damaged(kind, "is not aligned to \(alignment)")
    }
    return section
  }

  /// The same, for keeping.
  func bytes(_ kind: SectionKind, bytes: Int) throws(StoreError) -> MappedBytes {
    let section = try require(kind, bytes: bytes)
    guard let base = section.baseAddress else { throw damaged(kind, "is empty") }
    return MappedBytes(base: base, count: section.count)
  }

  func damaged(_ kind: SectionKind, _ what: String) -> StoreError {
    StoreError(
      .corruption, "section \(kind.indexName) \(what)",
      at: .init(path: path, section: kind.indexName),
      remedy: "The segment can be rebuilt from the originals")
  }
}
