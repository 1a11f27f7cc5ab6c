import SegmentFiles
import StorageIO
import VectorMath

/// The buckets of an open segment: which rows have each number. Rows lie in the order of the first table's
/// buckets; each further table names its rows.
struct HashBuckets: IndexStructure {
  static let version: UInt32 = 1
  /// Bytes before the numbers of buckets of the tables.
  static let headerBytes = 24

  let parameters: HashParameters
  /// At least one.
  let tables: [BucketTable]
  /// Rows of the segment.
  let rowCount: Int

  var kind: IndexKind { .hash(parameters) }

  init(_ source: StructureSource) throws(StoreError) {
    let sections = source.sections
    let header = try sections.require(.kind, bytes: Self.headerBytes)
    func word(_ index: Int) -> UInt32 {
      UInt32(littleEndian: header.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
    }
    parameters = HashParameters(
      bits: Int(word(1)), tables: Int(word(4)), seed: UInt64(word(3)) << 32 | UInt64(word(2)))
    guard word(0) == Self.version, source.codec.holdsBits,
      let keys = BucketKey.all(parameters, dimensions: source.codec.dimensions),
      header.count >= Self.headerBytes + 4 * keys.count
    else { throw sections.damaged(.kind, "holds no buckets of these vectors") }
    rowCount = source.count
    let counts = keys.indices.map { Int(word(Self.headerBytes / 4 + $0)) }
    guard counts.allSatisfy({ $0 <= source.count }) else {
      throw sections.damaged(.kind, "has more buckets than rows")
    }
    let sizes = counts.enumerated().map {
      BucketTable.wordCount(buckets: $1, rows: source.count, isFirst: $0 == 0)
    }
    let buckets = try sections.require(.buckets, bytes: sizes.reduce(0, +) * 4)
    guard let base = buckets.baseAddress else { throw sections.damaged(.buckets, "is empty") }
    var tables: [BucketTable] = []
    var place = base
    for (table, key) in keys.enumerated() {
      tables.append(
        BucketTable(
          key: key, count: counts[table], rowCount: source.count, words: place, isFirst: table == 0)
      )
      place += sizes[table] * 4
    }
    self.tables = tables
  }

  func findings(_ index: SegmentIndex) -> [String] {
    for (number, table) in tables.enumerated() {
      let findings = findings(in: table, index)
      if let first = findings.first { return ["table \(number): \(first)"] }
    }
    return []
  }

  /// What is wrong with a table: every row lies in the bucket of its bits, and in no other.
  private func findings(in table: BucketTable, _ index: SegmentIndex) -> [String] {
    var next = 0
    var isKnown = [Bool](repeating: false, count: rowCount)
    for bucket in 0..<table.count {
      let number = table.number(of: bucket)
      if bucket > 0, number <= table.number(of: bucket - 1) {
        return ["bucket \(number) follows \(table.number(of: bucket - 1))"]
      }
      let places = table.places(of: bucket)
      if places.lowerBound != next || places.isEmpty {
        return ["the rows of bucket \(number) are not in order"]
      }
      for place in places {
        guard let row = table.row(at: place), !isKnown[row] else {
          return ["bucket \(number) names a row that is not there, or twice"]
        }
        isKnown[row] = true
        if table.key.key(of: index.rowBase + row &* index.layout.rowStride) != number {
          return ["row \(row) is in the bucket \(number), which is not its own"]
        }
      }
      next = places.upperBound
    }
    return next == rowCount ? [] : ["\(rowCount - next) rows are in no bucket"]
  }
}
