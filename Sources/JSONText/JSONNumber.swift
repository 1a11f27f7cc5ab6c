/// A number as it stands in a JSON text: (-1)^negative × digits × 10^exponent.
///
/// Conversions are correctly rounded: short numbers take an exact path, the others the parser of the
/// standard library.
@safe package struct JSONNumber {
  /// Whether the number starts with a minus sign.
  var isNegative = false
  /// The first 19 significant digits.
  var digits: UInt64 = 0
  /// The power of ten of the last digit in `digits`.
  var exponent = 0
  /// Whether digits other than zero were left out of `digits`.
  var isTruncated = false
  /// Whether the text has neither a fraction nor an exponent.
  package internal(set) var isWhole = true
  /// The text itself.
  var text: UnsafeRawBufferPointer

  /// 10^n for n in 0...22, all exact.
  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The number as Int64, if it is whole and fits.
  package var int64: Int64? {
    guard isWhole, !isTruncated, exponent == 0 else { return nil }
    if isNegative {
      return digits <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- digits) : nil
    }
    return Int64(exactly: digits)
  }

  /// The number as Double; infinite where it is too large.
  package var double: Double {
    // Both factors are exact and IEEE 754 rounds their product or quotient once (W. Clinger, 1990).
    if !isTruncated, digits <= 1 << 53, abs(exponent) <= 22 {
      let magnitude =
        exponent < 0
        ? Double(digits) / JSONNumber.exactPowers[-exponent]
        : Double(digits) * JSONNumber.exactPowers[exponent]
      return isNegative ? -magnitude : magnitude
    }
    return unsafe Double(String(decoding: text, as: UTF8.self)) ?? .nan
  }

  /// The number as Float, rounded once; infinite where it is too large.
  package var float: Float {
    if digits == 0 && !isTruncated { return isNegative ? -0.0 : 0.0 }
    if abs(exponent) <= 22 {
      let magnitude =
        exponent < 0
        ? Double(digits) / JSONNumber.exactPowers[-exponent]
        : Double(digits) * JSONNumber.exactPowers[exponent]
      // `magnitude` is within 3 units of its last place: rounding of the digits to 53 bits, digits
      // left out, and the rounding of one operation. Rounding it on to 24 bits is right unless the
      // middle between two floats is as near as that, and where floats are not subnormal.
      let distance = Int64(magnitude.bitPattern & 0x1FFF_FFFF) - 0x1000_0000
      if abs(distance) > 8, magnitude >= 0x1p-126, magnitude < 0x1p127 {
        return Float(isNegative ? -magnitude : magnitude)
      }
    }
    return unsafe Float(String(decoding: text, as: UTF8.self)) ?? .nan
  }
}
