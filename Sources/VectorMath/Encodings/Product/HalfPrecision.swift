/// Numbers of IEEE 754 binary16, as bits. Written out, since `Float16` is not there on every platform.
enum HalfPrecision {
  /// The nearest half-precision number, ties to even; `nil` beyond ±65,504 and for what is not a number.
  static func bits(of value: Float) -> UInt16? {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
    let magnitude = value.magnitude
    // Halfway to the next power of two and above would be rounded to infinity.
    guard magnitude < 65_520 else { return nil }
    if magnitude < 0x1p-14 {
      // Subnormal: a whole number of 2⁻²⁴; 1,024 of them are the smallest normal number's bits.
      return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven))
    }
    let bits = magnitude.bitPattern
    // Adding to the bits carries into the exponent where the mantissa overflows, as it should.
    let rounded = bits + 0xfff + (bits >> 13 & 1)
    return sign | UInt16(truncatingIfNeeded: (rounded >> 13) - (112 << 10))
  }

  /// The number that bits stand for, exactly; `nil` for infinities and what is not a number.
  static func value(of bits: UInt16) -> Float? {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = UInt32(bits >> 10 & 31)
    let mantissa = UInt32(bits & 1023)
    guard exponent < 31 else { return nil }
    if exponent == 0 { return sign * (Float(mantissa) * 0x1p-24) }
    return sign * Float(bitPattern: (exponent + 112) << 23 | mantissa << 13)
  }
}
