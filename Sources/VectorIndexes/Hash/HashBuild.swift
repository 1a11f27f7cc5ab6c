import StorageIO
import VectorMath

/// Puts rows into buckets: rows of the same number follow each other, in the order of their DocIDs.
final class HashBuild: KindBuild, @unchecked Sendable {
  // Sendable: one thread makes all calls.

  private let parameters: HashParameters
  private let key: BucketKey
  /// The numbers of the buckets that have rows, ascending, and the first row of each.
  private var keys: [UInt32] = []
  private var starts: [UInt32] = []

  init(_ builder: SegmentBuilder, _ parameters: HashParameters) throws(StoreError) {
    guard builder.encoding == .bits else {
      throw StoreError(
        .invalidConfiguration, "hash needs packed bits, not \(builder.encoding)",
        remedy: "Use the element type bits, or another index kind")
    }
    guard let key = BucketKey(parameters, dimensions: builder.dimensions) else {
      throw StoreError(
        .invalidConfiguration,
        "buckets of \(parameters.bits) bits; 1 to \(min(32, builder.dimensions)) are possible")
    }
    self.parameters = parameters
    self.key = key
  }

  func finish(_ rows: EncodedRows, kept: [UInt32]?) throws(StoreError) -> [UInt32] {
    let numbers = (0..<rows.count).map { key.key(of: UnsafeRawPointer(rows.row($0))) }
    // Rows come in the order of their DocIDs.
    let order = (0..<UInt32(rows.count)).sorted {
      (numbers[Int($0)], $0) < (numbers[Int($1)], $1)
    }
    for (place, row) in order.enumerated() where keys.last != numbers[Int(row)] {
      keys.append(numbers[Int(row)])
      starts.append(UInt32(place))
    }
    starts.append(UInt32(order.count))
    return order
  }

  func write(_ segment: BuiltSegment, to sink: any SectionSink) throws(StoreError) {
    try segment.section(sink, .kind) { buffer throws(StoreError) in
      try buffer.append(HashBuckets.version)
      try buffer.append(UInt32(parameters.bits))
      try buffer.append(parameters.seed)
      try buffer.append(UInt32(keys.count))
      try buffer.append(UInt32(0))
    }
    try segment.section(sink, .buckets) { buffer throws(StoreError) in
      for key in keys { try buffer.append(key) }
      for start in starts { try buffer.append(start) }
    }
  }
}
