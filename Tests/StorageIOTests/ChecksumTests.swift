import StorageIO
import TestSupport
import Testing

@Suite("The checksum")
struct ChecksumTests {
  static let data: [UInt8] = {
    var generator = SeededGenerator(seed: 21)
    return (0..<40_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }()

  /// One bit at a time, straight from the definition.
  private func reference(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var crc: UInt32 = .max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = (crc >> 1) ^ (crc & 1 == 1 ? 0x82F6_3B78 : 0) }
    }
    return ~crc
  }

  @Test("has the values of RFC 3720, appendix B.4")
  func known() {
    #expect(Checksum.of(Array("123456789".utf8)) == 0xE306_9283)
    #expect(Checksum.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(Checksum.of([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(Checksum.of(Array(0..<32)) == 0x46DD_794E)
    #expect(Checksum.of([UInt8]()) == 0)
  }

  @Test("is the same by every implementation at every length and start")
  func implementations() {
    Self.data.withUnsafeBytes { raw in
      let lengths = Array(0...300) + [767, 768, 769, 1536, 12_287, 12_288, 12_289, 13_500, 39_000]
      for length in lengths {
        for start in 0..<(length < 300 ? 9 : 2) {
          let slice = UnsafeRawBufferPointer(rebasing: raw[start..<start + length])
          let expected = Checksum.ofPortable(slice)
          #expect(Checksum.of(slice) == expected, "\(length) bytes from \(start)")
          if length <= 64 || start == 0 && length < 1000 {
            #expect(reference(slice) == expected, "\(length) bytes from \(start)")
          }
        }
      }
    }
  }

  @Test("does not depend on the pieces")
  func pieces() {
    var generator = SeededGenerator(seed: 22)
    let expected = Checksum.of(Self.data)
    for round in 0..<50 {
      var extended = Checksum()
      var combined = Checksum()
      var rest = Self.data[...]
      while !rest.isEmpty {
        let piece = Array(rest.prefix(Int.random(in: 1...20_000, using: &generator)))
        piece.withUnsafeBytes { extended.update($0) }
        combined.append(Checksum(value: Checksum.of(piece)), count: piece.count)
        rest = rest.dropFirst(piece.count)
      }
      #expect(extended.value == expected, "round \(round)")
      #expect(combined.value == expected, "round \(round)")
    }
  }

  @Test("of zeros is what the zeros themselves give")
  func zeros() {
    for count in [0, 1, 7, 64, 4096, 100_000] {
      var skipped = Checksum(value: 0x1234_5678)
      var read = skipped
      skipped.updateZeros(count)
      [UInt8](repeating: 0, count: count).withUnsafeBytes { read.update($0) }
      #expect(skipped == read, "\(count)")
    }
    var checksum = Checksum(value: 7)
    checksum.updateZeros(-1)
    checksum.append(Checksum(value: 9), count: 0)
    #expect(checksum.value == 7)
  }

  @Test("of a word is that of its bytes, lowest first")
  func word() {
    var checksum = Checksum()
    checksum.update(UInt64(0x0807_0605_0403_0201))
    #expect(checksum.value == Checksum.of([1, 2, 3, 4, 5, 6, 7, 8]))
  }
}
