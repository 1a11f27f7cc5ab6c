import CChecksumKernels

/// A CRC-32C (Castagnoli, RFC 3720), built up over any number of pieces.
///
/// The same bytes give the same value in whatever pieces they arrive.
package struct Checksum: Hashable, Sendable {
  /// The checksum of everything added so far; 0 for no bytes.
  package private(set) var value: UInt32

  /// The checksum of no bytes.
  package init() { value = 0 }

  /// Goes on from a finished checksum.
  package init(value: UInt32) { self.value = value }

  /// The checksum of `bytes`.
  package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let base = bytes.baseAddress else { return 0 }
    return crc32c_extend(0, base, bytes.count)
  }

  /// The checksum of `bytes`.
  package static func of(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { of($0) }
  }

  /// The checksum of `bytes` without the CPU's CRC instructions, to compare with.
  package static func ofPortable(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let base = bytes.baseAddress else { return 0 }
    return crc32c_extend_level(0, 0, base, bytes.count)
  }

  /// Adds `bytes`.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    value = crc32c_extend(value, base, bytes.count)
  }

  /// Adds the eight bytes of `word`, lowest first; binds a value's checksum to its key.
  package mutating func update(_ word: UInt64) {
    withUnsafeBytes(of: word.littleEndian) { update($0) }
  }

  /// Adds `count` zero bytes without reading any; negative counts add none.
  package mutating func updateZeros(_ count: Int) {
    guard count > 0 else { return }
    value = crc32c_extend_zeros(value, UInt64(count))
  }

  /// Adds `count` bytes whose own checksum is known, without reading them again.
  package mutating func append(_ other: Checksum, count: Int) {
    guard count > 0 else { return }
    value = crc32c_combine(value, other.value, UInt64(count))
  }
}
