import StorageIO
import VectorMath

/// Puts rows into buckets: rows of the same number follow each other, in the order of their DocIDs. Further tables
/// list theirs.
final class HashBuild: KindBuild, @unchecked Sendable {
  // Sendable: one thread makes all calls.

  private let parameters: HashParameters
  private let keys: [BucketKey]
  private var tables: [Table] = []

  /// The buckets of one table.
  private struct Table {
    /// The numbers of the buckets that have rows, ascending.
    var numbers: [UInt32] = []
    /// The first place of each, and the number of rows.
    var starts: [UInt32] = []
    /// The row of each place.
    var rows: [UInt32]

    /// - Parameter keys: The number of each row.
    init(_ keys: [UInt32]) {
      rows = (0..<UInt32(keys.count)).sorted { (keys[Int($0)], $0) < (keys[Int($1)], $1) }
      for (place, row) in rows.enumerated() where numbers.last != keys[Int(row)] {
        numbers.append(keys[Int(row)])
        starts.append(UInt32(place))
      }
      starts.append(UInt32(rows.count))
    }
  }

  init(_ builder: SegmentBuilder, _ parameters: HashParameters) throws(StoreError) {
    guard builder.encoding == .bits else {
      throw StoreError(
        .invalidConfiguration, "hash needs packed bits, not \(builder.encoding)",
        remedy: "Use the element type bits, or another index kind")
    }
    guard let keys = BucketKey.all(parameters, dimensions: builder.dimensions) else {
      throw StoreError(
        .invalidConfiguration,
        "\(parameters.tables) tables of buckets of \(parameters.bits) bits: 1 to \(HashParameters.tableRange.upperBound) "
          + "of 1 to \(HashParameters.bitRange.upperBound) are possible, \(builder.dimensions) bits together"
      )
    }
    self.parameters = parameters
    self.keys = keys
  }

  /// The numbers of buckets are bits of the rows themselves.
  func look(at vectors: UnsafePointer<Float>, wordsPerVector: Int, places: ArraySlice<Int>) {}

  func finish(_ rows: EncodedRows, kept: [UInt32]?) throws(StoreError) -> [UInt32] {
    // Rows come in the order of their DocIDs, and will lie in that of the first table.
    func numbers(_ key: BucketKey, _ order: [UInt32]) -> [UInt32] {
      order.map { key.key(of: UnsafeRawPointer(rows.row(Int($0)))) }
    }
    let first = Table(numbers(keys[0], (0..<UInt32(rows.count)).map { $0 }))
    tables = [first] + keys.dropFirst().map { Table(numbers($0, first.rows)) }
    return first.rows
  }

  func write(_ segment: BuiltSegment, to sink: any SectionSink) throws(StoreError) {
    try segment.section(sink, .kind) { buffer throws(StoreError) in
      try buffer.append(HashBuckets.version)
      try buffer.append(UInt32(parameters.bits))
      try buffer.append(parameters.seed)
      try buffer.append(UInt32(parameters.tables))
      try buffer.append(UInt32(0))
      for table in tables { try buffer.append(UInt32(table.numbers.count)) }
    }
    try segment.section(sink, .buckets) { buffer throws(StoreError) in
      for (place, table) in tables.enumerated() {
        for number in table.numbers { try buffer.append(number) }
        for start in table.starts { try buffer.append(start) }
        if place > 0 { for row in table.rows { try buffer.append(row) } }
      }
    }
  }
}
