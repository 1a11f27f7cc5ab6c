import TestSupport
import Testing
import VectorMath

@Suite struct PackingTests {
  @Test func oneBitIsTheSignMostSignificantFirst() {
    #expect(VectorValue.packed([1, -1, 0, -0.5, 2, -3, 0.1, -0.1]) == .bits([0b1010_1010]))
    #expect(VectorValue.packed([1, 1, 1]) == .bits([0b1110_0000]))
    #expect(VectorValue.packed([]) == .bits([]))
  }

  @Test func moreBitsAreLevelsOfAGrid() {
    // F = 2: levels are trunc(clip(2x, -2, 1) + 2).
    #expect(
      VectorValue.packed([-1, -0.5, 0, 0.5], bitsPerComponent: 2) == .bits([0b0001_1011]))
    #expect(VectorValue.packed([1, -1], bitsPerComponent: 8) == .bits([255, 0]))
    #expect(VectorValue.packed([0, 0.5], bitsPerComponent: 8) == .bits([128, 192]))
    // Nine bits make two bytes.
    #expect(
      VectorValue.packed([-1, 0, 0.99], bitsPerComponent: 3) == .bits([0b0001_0011, 0b1000_0000]))
  }

  @Test func everyNumberCanBePacked() {
    for width in -1...10 {
      let values: [Float] = [.infinity, -.infinity, .nan, .greatestFiniteMagnitude, -1e-30]
      #expect(
        VectorValue.packed(values, bitsPerComponent: width).byteCount
          == (5 * min(max(width, 1), 8) + 7) / 8)
    }
  }

  /// The definition, bit by bit.
  @Test(arguments: 1...8) func packingIsTheDefinition(width: Int) {
    var random = SeededGenerator(seed: UInt64(width))
    let vector = (0..<37).map { _ in random.gaussian() * 0.7 }
    let half = Float(1 << (width - 1))
    var bits: [Bool] = []
    for x in vector {
      let level = Int(min(max(x * half, -half), half - 1) + half)
      for bit in (0..<width).reversed() { bits.append(level >> bit & 1 == 1) }
    }
    let bytes = VectorValue.packed(vector, bitsPerComponent: width).bits ?? []
    #expect(bytes.count == (bits.count + 7) / 8)
    for index in 0..<bytes.count * 8 {
      let bit = bytes[index / 8] >> UInt8(7 - index % 8) & 1 == 1
      #expect(bit == (index < bits.count ? bits[index] : false))
    }
  }
}
