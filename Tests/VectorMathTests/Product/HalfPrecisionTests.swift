import TestSupport
import Testing

@testable import VectorMath

@Suite struct HalfPrecisionTests {
  @Test func allNumbersSurvive() {
    var numbers = 0
    for bits in UInt16.min...UInt16.max {
      guard let value = HalfPrecision.value(of: bits) else { continue }
      numbers += 1
      #expect(HalfPrecision.bits(of: value) == bits)
    }
    #expect(numbers == 2 * 31 * 1024)
  }

  @Test(
    "Known numbers",
    arguments: [
      (Float(1), UInt16(0x3c00)), (-2, 0xc000), (65_504, 0x7bff), (0x1p-24, 1), (0x1p-14, 0x0400),
      (0.333_251_95, 0x3555), (0, 0), (-0.0, 0x8000), (65_519, 0x7bff), (0x1p-25, 0),
      (0x1.8p-24, 2), (1e-30, 0),
    ])
  func known(value: Float, bits: UInt16) { #expect(HalfPrecision.bits(of: value) == bits) }

  @Test func numbersOutOfRangeAreRefused() {
    for value: Float in [65_520, -65_520, 1e30, .infinity, -.infinity, .nan] {
      #expect(HalfPrecision.bits(of: value) == nil)
    }
    #expect(HalfPrecision.value(of: 0x7c00) == nil)
    #expect(HalfPrecision.value(of: 0xfe01) == nil)
  }

  @Test func roundingTakesTheNearest() throws {
    let seed: UInt64 = 61
    var random = SeededGenerator(seed: seed)
    for _ in 0..<5000 {
      let exponent = Float.random(in: -26...15.9, using: &random)
      let value =
        Float.random(in: -1...1, using: &random)
        * Float(sign: .plus, exponent: Int(exponent), significand: 1)
      let bits = try #require(HalfPrecision.bits(of: value))
      let error = try abs(#require(HalfPrecision.value(of: bits)) - value)
      for other in [bits &- 1, bits &+ 1] {
        guard let neighbour = HalfPrecision.value(of: other) else { continue }
        let further = abs(neighbour - value)
        #expect(error < further || (error == further && bits & 1 == 0), "\(value), seed \(seed)")
      }
    }
  }
}
