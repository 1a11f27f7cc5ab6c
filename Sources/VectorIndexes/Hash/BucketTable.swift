import VectorMath

/// The buckets of one table, in the memory of an open segment. What is read there is checked where it is used.
struct BucketTable: @unchecked Sendable {
  // Sendable: read-only memory, kept alive by the index's sections.

  /// Which bits are the numbers.
  let key: BucketKey
  /// Buckets that have rows.
  let count: Int
  /// Rows of the segment.
  let rowCount: Int
  /// The numbers of the buckets, then the first place of each and the number of rows.
  private let words: UnsafeRawPointer
  /// The row of each place; nil where rows lie in this order themselves.
  private let rows: UnsafeRawPointer?

  /// - Parameters:
  ///   - words: ``wordCount(buckets:rows:isFirst:)`` readable words of 32 bits.
  ///   - isFirst: Whether rows lie in the order of this table.
  init(key: BucketKey, count: Int, rowCount: Int, words: UnsafeRawPointer, isFirst: Bool) {
    self.key = key
    self.count = count
    self.rowCount = rowCount
    self.words = words
    rows = isFirst ? nil : words + (2 * count + 1) * 4
  }

  /// Words of a table.
  static func wordCount(buckets: Int, rows: Int, isFirst: Bool) -> Int {
    2 * buckets + 1 + (isFirst ? 0 : rows)
  }

  /// Whether rows lie in the order of this table.
  var isFirst: Bool { rows == nil }

  /// The number of a bucket, which must be in range.
  @inline(__always)
  func number(of bucket: Int) -> UInt32 { Self.word(words, bucket) }

  /// The places of a bucket's rows, the bucket being in range; empty where the numbers cannot be right.
  @inline(__always)
  func places(of bucket: Int) -> Range<Int> {
    let start = Int(Self.word(words, count + bucket))
    let end = Int(Self.word(words, count + bucket + 1))
    return start <= end && end <= rowCount ? start..<end : 0..<0
  }

  /// The row of a place, which must be in range; nil where the number cannot be right.
  @inline(__always)
  func row(at place: Int) -> Int? {
    guard let rows else { return place }
    let row = Int(Self.word(rows, place))
    return row < rowCount ? row : nil
  }

  /// Visits the buckets whose numbers differ from `own` in exactly `distance` bits, in ascending order or in that of
  /// the bits: by their numbers where these are few, or else by looking at every bucket.
  func forEachBucket(at distance: Int, from own: UInt32, _ body: (Int) -> Void) {
    let bits = key.positions.count
    guard Self.choices(distance, of: bits, most: count / 16) != nil else {
      for bucket in 0..<count where (number(of: bucket) ^ own).nonzeroBitCount == distance {
        body(bucket)
      }
      return
    }
    // Masks of so many bits, each the next larger one (Gosper's hack).
    let end = UInt64(1) << UInt64(bits)
    var mask = (UInt64(1) << UInt64(distance)) - 1
    while mask < end {
      if let bucket = bucket(numbered: own ^ UInt32(truncatingIfNeeded: mask)) { body(bucket) }
      if mask == 0 { return }
      let low = mask & (~mask &+ 1)
      let ripple = mask + low
      mask = ripple | ((mask ^ ripple) / low) >> 2
    }
  }

  /// The bucket with a number; nil if no row has it.
  private func bucket(numbered wanted: UInt32) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if number(of: middle) < wanted { low = middle + 1 } else { high = middle }
    }
    return low < count && number(of: low) == wanted ? low : nil
  }

  /// In how many ways that many bits can be chosen; nil for more than `most`.
  private static func choices(_ chosen: Int, of bits: Int, most: Int) -> Int? {
    var ways = 1
    for step in 0..<chosen {
      ways = ways * (bits - step) / (step + 1)
      if ways > most { return nil }
    }
    return ways <= max(most, 1) ? ways : nil
  }

  @inline(__always)
  private static func word(_ base: UnsafeRawPointer, _ index: Int) -> UInt32 {
    UInt32(littleEndian: base.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self))
  }
}
