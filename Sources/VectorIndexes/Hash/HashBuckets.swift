import SegmentFiles
import StorageIO
import VectorMath

/// The buckets of an open segment: which rows have each number. Rows of a bucket follow each other. What is read
/// from the file is checked where it is used.
struct HashBuckets: IndexStructure, @unchecked Sendable {
  // Sendable: read-only memory, kept alive by the index's sections.

  static let version: UInt32 = 1
  static let headerBytes = 24

  let parameters: HashParameters
  let key: BucketKey
  /// Buckets that have rows.
  let count: Int
  /// Rows of the segment.
  let rowCount: Int
  /// The numbers of the buckets, then their first rows and the number of rows.
  private let table: UnsafeRawPointer

  var kind: IndexKind { .hash(parameters) }

  init(_ source: StructureSource) throws(StoreError) {
    let sections = source.sections
    let header = try sections.require(.kind, bytes: Self.headerBytes)
    func word(_ index: Int) -> UInt32 {
      UInt32(littleEndian: header.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
    }
    parameters = HashParameters(
      bits: Int(word(1)), seed: UInt64(word(3)) << 32 | UInt64(word(2)))
    guard word(0) == Self.version, source.codec.holdsBits,
      let key = BucketKey(parameters, dimensions: source.codec.dimensions),
      Int(word(4)) <= source.count
    else { throw sections.damaged(.kind, "holds no buckets of these vectors") }
    self.key = key
    count = Int(word(4))
    rowCount = source.count
    let buckets = try sections.require(.buckets, bytes: (2 * count + 1) * 4)
    guard let base = buckets.baseAddress else { throw sections.damaged(.buckets, "is empty") }
    table = base
  }

  /// The number of a bucket, which must be in range.
  @inline(__always)
  func number(of bucket: Int) -> UInt32 { word(bucket) }

  /// The rows of a bucket, which must be in range; empty where the numbers cannot be right.
  @inline(__always)
  func rows(of bucket: Int) -> Range<Int> {
    let start = Int(word(count + bucket))
    let end = Int(word(count + bucket + 1))
    return start <= end && end <= rowCount ? start..<end : 0..<0
  }

  /// The bucket with a number; nil if no row has it.
  func bucket(numbered wanted: UInt32) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if number(of: middle) < wanted { low = middle + 1 } else { high = middle }
    }
    return low < count && number(of: low) == wanted ? low : nil
  }

  @inline(__always)
  private func word(_ index: Int) -> UInt32 {
    UInt32(littleEndian: table.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self))
  }
}
