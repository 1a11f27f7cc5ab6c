extension VectorValue {
  /// Packs numbers into bits: `bitsPerComponent` of each, the most significant first, padded with zeros to whole
  /// bytes.
  ///
  /// A component `x` becomes the whole part of `clip(x·F, −F, F − 1) + F` with `F = 2^(bitsPerComponent − 1)`:
  /// the sign for one bit (set for `x ≥ 0`), a level of a grid over −1...1 for more. Vectors should be scaled to
  /// length 1 before. This is what txtai calls `quantize`.
  ///
  /// - Parameters:
  ///   - vector: The components; NaN counts as 0.
  ///   - bitsPerComponent: 1 to 8; numbers outside count as the nearest of these.
  public static func packed(_ vector: [Float], bitsPerComponent: Int = 1) -> VectorValue {
    let width = min(max(bitsPerComponent, 1), 8)
    let half = Float(1 << (width - 1))
    var bytes: [UInt8] = []
    bytes.reserveCapacity((vector.count * width + 7) / 8)
    var pending: UInt32 = 0
    var count = 0
    for component in vector {
      let scaled = component.isNaN ? 0 : min(max(component * half, -half), half - 1)
      // At least 0 and below 256, so that the conversion cannot fail; it rounds towards 0.
      let level = UInt32(scaled + half)
      pending = pending << UInt32(width) | level
      count += width
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(count)))
      }
    }
    if count > 0 { bytes.append(UInt8(truncatingIfNeeded: pending << UInt32(8 - count))) }
    return .bits(bytes)
  }
}
