/// A node in a search pool: key, ordinal and the mark of an expanded node in one integer, so that one
/// comparison orders by distance and then by ordinal.
enum PoolEntry {
  @inline(__always)
  static func make(key: UInt32, ordinal: UInt32) -> UInt64 {
    UInt64(key) << 32 | UInt64(ordinal) << 1
  }

  @inline(__always)
  static func key(_ entry: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: entry >> 32) }

  @inline(__always)
  static func ordinal(_ entry: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: entry) >> 1 }

  /// Ordinals have 31 bits.
  static let maxRows = Int(Int32.max)
}
