import SegmentFiles
import StorageIO
import VectorMath

/// The inverted lists of an open segment: centroids, and which rows lie in the list of each. Rows of a list follow
/// each other. What is read from the file is checked where it is used.
struct IVFLists: IndexStructure, @unchecked Sendable {
  // Sendable: read-only memory, kept alive by the index's sections.

  let parameters: IVFParameters
  let space: CoarseSpace
  /// The number of lists.
  let count: Int
  /// Rows of the segment.
  let rowCount: Int
  /// Bytes from centroid to centroid.
  let stride: Int
  /// Codes of the centroids.
  let codes: UnsafeRawPointer
  /// Codes of the groups' centres.
  let groupCodes: UnsafeRawPointer
  let groupCount: Int
  private let groupStarts: UnsafeRawPointer
  /// The first row of each list, the first block of each, and how far its rows are from the centroid.
  private let table: UnsafeRawPointer
  /// The rows in blocks, of codes of four bits.
  let fastScan: ListBlocks?

  /// The centroids as they are in the file.
  private let section: UnsafeRawBufferPointer

  var kind: IndexKind { .ivf(parameters) }

  var artifactIdentifier: UInt64? { IVFCentroids.identifier(of: section) }

  init(_ source: StructureSource) throws(StoreError) {
    let sections = source.sections
    section = try sections.require(.kind, bytes: IVFCentroids.headerBytes)
    guard
      let header = IVFCentroids.Header(
        section, metric: source.codec.metric, dimensions: source.codec.dimensions,
        holdsBits: source.codec.holdsBits),
      let base = section.baseAddress
    else { throw sections.damaged(.kind, "holds no centroids of these vectors") }
    parameters = header.parameters
    space = header.space
    count = header.lists
    rowCount = source.count
    stride = RowLayout.stride(bytes: header.space.coarseDimensions)
    codes = base + header.offsets.codes
    groupCodes = base + header.offsets.groupCodes
    groupCount = header.groups
    groupStarts = base + header.offsets.groupStarts
    let lists = try sections.require(.lists, bytes: ((count + 1) * 2 + count) * 4)
    guard let table = lists.baseAddress else { throw sections.damaged(.lists, "is empty") }
    self.table = table
    let blocks = Int(Self.word(table, 2 * count + 1))
    fastScan = try ListBlocks(sections, source.codec, count: blocks)
  }

  /// The first block of each list, and the number of blocks.
  static func blockStarts(_ starts: [UInt32]) -> [UInt32] {
    var next: UInt32 = 0
    var blocks: [UInt32] = [0]
    let rows = UInt32(FastScanBlocks.rowsPerBlock)
    for (start, end) in zip(starts, starts.dropFirst()) {
      next += (end - start + rows - 1) / rows
      blocks.append(next)
    }
    return blocks
  }

  /// The rows of a list, which must be in range; empty where the numbers cannot be right.
  @inline(__always)
  func rows(of list: Int) -> Range<Int> {
    let start = Int(word(list))
    let end = Int(word(list + 1))
    return start <= end && end <= rowCount ? start..<end : 0..<0
  }

  /// The first block of a list.
  @inline(__always)
  func block(of list: Int) -> Int { Int(word(count + 1 + list)) }

  /// The mean squared distance of a list's rows from its centroid, in steps of the codes.
  @inline(__always)
  func spread(of list: Int) -> Float { Float(bitPattern: word(2 * (count + 1) + list)) }

  /// The centroids of a group, which must be in range.
  func centroids(ofGroup group: Int) -> Range<Int> {
    let start = Int(Self.word(groupStarts, group))
    let end = Int(Self.word(groupStarts, group + 1))
    return start <= end && end <= count ? start..<end : 0..<0
  }

  @inline(__always)
  private func word(_ index: Int) -> UInt32 { Self.word(table, index) }

  @inline(__always)
  private static func word(_ base: UnsafeRawPointer, _ index: Int) -> UInt32 {
    UInt32(littleEndian: base.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self))
  }
}
