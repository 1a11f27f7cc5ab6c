import SegmentFiles
import StorageIO

/// The trees of an open segment. Every number that is read from the file is checked where it is used.
struct ForestView: Sendable {
  let layout: ForestLayout
  let splits: MappedBytes
  /// `nil` under hamming, whose splits have no planes.
  let planes: MappedBytes?
  let leaves: MappedBytes
  /// Checks sizes only, whatever the count.
  init(_ sections: IndexSections, planeStride: Int) throws(StoreError) {
    let bytes = try sections.require(.kind, bytes: ForestLayout.byteCount)
    guard let layout = ForestLayout(bytes), layout.planeStride == planeStride else {
      throw sections.damaged(.kind, "has values that contradict each other")
    }
    self.layout = layout
    splits = try sections.bytes(.splits, bytes: layout.splitCount * SplitRecord.byteCount)
    leaves = try sections.bytes(.leaves, bytes: layout.wordCount * 4)
    planes =
      planeStride == 0
      ? nil : try sections.bytes(.planes, bytes: layout.splitCount * planeStride)
  }

  /// A split; `nil` for a number that names none.
  @inline(__always)
  func split(_ index: Int) -> SplitRecord? {
    index < layout.splitCount
      ? SplitRecord(at: splits.base + index &* SplitRecord.byteCount) : nil
  }

  /// The rows of the leaf that begins at a word, as they are in the file: not all need be rows of the segment.
  /// Empty where no leaf can begin.
  @inline(__always)
  func leaf(_ word: Int) -> UnsafeBufferPointer<UInt32> {
    let words = leaves.base.assumingMemoryBound(to: UInt32.self)
    guard word < layout.wordCount else { return UnsafeBufferPointer(start: nil, count: 0) }
    let count = Int(words[word])
    guard count < layout.wordCount - word else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: words + word + 1, count: count)
  }

  /// The plane of a split in range.
  @inline(__always)
  func plane(_ index: Int) -> UnsafeRawPointer? {
    planes.map { $0.base + index &* layout.planeStride }
  }
}
