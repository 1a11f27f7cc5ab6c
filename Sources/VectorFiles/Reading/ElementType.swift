/// How one component of a vector is stored in a binary file, always little-endian.
enum ElementType: Sendable {
  case uint8, int8, int32, float16, bfloat16, float32, float64

  /// Bytes of one component.
  var size: Int {
    switch self {
    case .uint8, .int8: 1
    case .float16, .bfloat16: 2
    case .int32, .float32: 4
    case .float64: 8
    }
  }

  /// Converts `output.count` components. Whether all are acceptable shows in the result: the position
  /// of the first one that is not finite, or that no Float equals, or nil.
  func convert(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Float>
  ) -> Int? {
    guard let base = input.baseAddress, input.count >= output.count * size else { return nil }
    switch self {
    case .uint8:
      for i in output.indices { output[i] = Float(base.load(fromByteOffset: i, as: UInt8.self)) }
      return nil
    case .int8:
      for i in output.indices { output[i] = Float(base.load(fromByteOffset: i, as: Int8.self)) }
      return nil
    case .int32:
      // Beyond 2^24 not every whole number is a Float.
      for i in output.indices {
        let word = base.loadUnaligned(fromByteOffset: 4 * i, as: Int32.self)
        guard let value = Float(exactly: Int32(littleEndian: word)) else { return i }
        output[i] = value
      }
      return nil
    case .float16:
      return ElementType.fill(output) { i in
        ElementType.widen(
          UInt16(littleEndian: base.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)))
      }
    case .bfloat16:
      // The upper half of a float.
      return ElementType.fill(output) { i in
        Float(
          bitPattern: UInt32(
            UInt16(littleEndian: base.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self))) << 16)
      }
    case .float32:
      return ElementType.fill(output) { i in
        Float(
          bitPattern: UInt32(
            littleEndian: base.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)))
      }
    case .float64:
      return ElementType.fill(output) { i in
        Float(
          Double(
            bitPattern: UInt64(
              littleEndian: base.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self))))
      }
    }
  }

  @inline(__always)
  private static func fill(
    _ output: UnsafeMutableBufferPointer<Float>, _ component: (Int) -> Float
  ) -> Int? {
    // Zero times a component is zero unless it is not finite: one addition for each instead of a
    // branch, so that the loop stays a plain one.
    var zeros: Float = 0
    for i in output.indices {
      let value = component(i)
      output[i] = value
      zeros += value * 0
    }
    return zeros == 0 ? nil : output.firstIndex { !$0.isFinite }
  }

  /// The Float that equals an IEEE 754 half. (`Float16` does not exist on every platform.)
  ///
  /// Shifted into place, the half's bits are a float 2^-112 times too small, subnormal ones included;
  /// the product is exact.
  @inline(__always)
  static func widen(_ half: UInt16) -> Float {
    let sign = UInt32(half & 0x8000) << 16
    let rest = UInt32(half & 0x7FFF) << 13
    if rest >= 0x7C00 << 13 { return Float(bitPattern: sign | 0x7F80_0000 | rest & 0x007F_FFFF) }
    return Float(bitPattern: (Float(bitPattern: rest) * 0x1p112).bitPattern | sign)
  }
}
