/// A deterministic 128-bit hash of a sequence of bytes, for the ids of segments.
///
/// Two 64-bit lanes take 16 bytes at a time, each word through a multiplication, a rotation and the
/// other lane (the shape of MurmurHash3's 128-bit form, Appleby 2011, with own constants); the end
/// mixes the length and both lanes by the finaliser of SplitMix64 (Steele et al. 2014). It does not
/// depend on the pieces in which the bytes arrive, nor on the machine. Collisions are not
/// protected against an adversary, only against chance.
package struct ContentHash: Sendable {
  private var first: UInt64
  private var second: UInt64
  private var length: UInt64 = 0
  /// Up to 15 bytes that wait for a whole block, lowest first.
  private var pendingLow: UInt64 = 0
  private var pendingHigh: UInt64 = 0

  /// Creates the hash of no bytes; different seeds give unrelated hashes.
  package init(seed: UInt64 = 0) {
    first = Self.mix(seed ^ 0x243F_6A88_85A3_08D3)
    second = Self.mix(seed &+ 0x1319_8A2E_0370_7344)
  }

  /// Adds the eight bytes of `word`, lowest first.
  package mutating func update(_ word: UInt64) {
    let pending = length & 15
    length &+= 8
    switch pending {
    case 0: pendingLow = word
    case 8:
      absorb(pendingLow, word)
      pendingLow = 0
    default:
      withUnsafeBytes(of: word.littleEndian) { raw in
        length &-= 8
        update(raw)
      }
    }
  }

  /// Adds `bytes`.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var offset = 0
    while offset < bytes.count, length & 15 != 0 {
      push(bytes[offset])
      offset += 1
    }
    while bytes.count - offset >= 16 {
      let low = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let high = bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
      absorb(UInt64(littleEndian: low), UInt64(littleEndian: high))
      length &+= 16
      offset += 16
    }
    while offset < bytes.count {
      push(bytes[offset])
      offset += 1
    }
  }

  /// The hash of everything added so far; more may be added afterwards.
  package func finish() -> (UInt64, UInt64) {
    var copy = self
    if length & 15 != 0 { copy.absorb(pendingLow, pendingHigh) }
    let a = Self.mix(copy.first ^ length)
    let b = Self.mix(copy.second &+ a)
    return (Self.mix(a &+ b), b)
  }

  /// The finaliser of SplitMix64: a bijection in which every bit of the input reaches every bit.
  package static func mix(_ word: UInt64) -> UInt64 {
    var z = word &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  private mutating func push(_ byte: UInt8) {
    let position = length & 15
    if position < 8 {
      pendingLow |= UInt64(byte) << (8 * position)
    } else {
      pendingHigh |= UInt64(byte) << (8 * (position - 8))
    }
    length &+= 1
    if position == 15 {
      absorb(pendingLow, pendingHigh)
      pendingLow = 0
      pendingHigh = 0
    }
  }

  private mutating func absorb(_ low: UInt64, _ high: UInt64) {
    first ^= Self.rotate(low &* 0xA409_3822_299F_31D1, 31) &* 0x082E_FA98_EC4E_6C89
    first = Self.rotate(first, 27) &+ second
    first = first &* 5 &+ 0x4528_21E6_38D0_1377
    second ^= Self.rotate(high &* 0xBE54_66CF_34E9_0C6D, 33) &* 0xC0AC_29B7_C97C_50DD
    second = Self.rotate(second, 31) &+ first
    second = second &* 5 &+ 0x3F84_D5B5_B547_0917
  }

  private static func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
    word << count | word >> (64 - count)
  }
}
