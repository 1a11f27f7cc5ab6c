import StorageIO

/// The checksum of stored values: CRC32C, continued over several pieces.
enum RecordChecksum {
  /// Goes on from `checksum` (0 for a new one) over `bytes`.
  @inline(__always)
  static func extend(_ checksum: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var state = Checksum(value: checksum)
    state.update(bytes)
    return state.value
  }
}
