import CVectorKernels

extension CenteredCodes {
  /// Differences no larger than this, where components are near 1, are none: their reciprocal might overflow.
  private static let smallest: Float = 1e-30
  /// Where ‖q − c‖ stands in a prepared query, for the bound of single bits.
  private static let lengthOffset = 16

  func prepare(query: UnsafePointer<Float>, into memory: UnsafeMutableRawPointer) {
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: queryBytes)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, codeCount)) { floats in
      guard let floats = floats.baseAddress else { return }
      let difference = difference(query, into: floats)
      let data = memory + Int(VK_CODE_QUERY_DATA)
      let (step, sum) = bits == 1 ? storePlanes(floats, to: data) : storeBytes(floats, to: data)
      let scale = difference.scale
      let constant =
        switch metric {
        case .l2Squared: difference.square / (scale * scale)
        case .cosine: 1 - difference.product / (scale * scale)
        default: 0 - difference.product / (scale * scale)
        }
      // A code's value is half of the whole number that the kernel computes.
      var head = vk_code_query()
      head.slope = Wide.finite(step / (2 * scale))
      head.constant = Wide.finite(constant)
      if bits == 1 {
        head.correction = UInt32((1 << VK_PLANES) - 1) &* UInt32(codeCount)
        head.multiplier = UInt32(bitPattern: -2)
      } else {
        head.correction = UInt32(truncatingIfNeeded: -((1 << bits) - 1) * sum)
        head.multiplier = 2
      }
      memory.storeBytes(of: head, as: vk_code_query.self)
      let length = Wide.finite(difference.square.squareRoot() / scale)
      memory.storeBytes(of: length, toByteOffset: Self.lengthOffset, as: Float.self)
    }
  }

  /// ‖q − c‖ of a prepared query.
  func length(ofQuery query: UnsafeRawPointer) -> Float {
    query.load(fromByteOffset: Self.lengthOffset, as: Float.self)
  }

  private func largest(_ floats: UnsafePointer<Float>) -> Float {
    var largest: Float = 0
    for index in 0..<codeCount { largest = max(largest, abs(floats[index])) }
    return largest
  }

  /// Signed bytes; returns the width of a step and the sum of the bytes.
  private func storeBytes(
    _ floats: UnsafePointer<Float>, to data: UnsafeMutableRawPointer
  ) -> (step: Double, sum: Int) {
    let largest = largest(floats)
    guard largest > Self.smallest else { return (0, 0) }
    let low = data.assumingMemoryBound(to: Int8.self)
    // With one code a byte there are no high halves: nothing is left for them.
    let high = low + partBytes
    let inverse = 127 / largest
    var sum = 0
    let split = min(codeBytes, codeCount)
    for index in 0..<split {
      let rounded = Self.rounded(floats[index] * inverse)
      sum += Int(rounded)
      low[index] = rounded
    }
    for index in split..<codeCount {
      let rounded = Self.rounded(floats[index] * inverse)
      sum += Int(rounded)
      high[index - split] = rounded
    }
    return (Double(largest) / 127, sum)
  }

  /// The nearest byte, ties to even, of a number that is hardly beyond ±127. Adding and taking away 1.5 · 2²³
  /// rounds; CPUs have no quicker way that all of them have.
  @inline(__always)
  private static func rounded(_ value: Float) -> Int8 {
    let shift: Float = 12_582_912
    return Int8(truncatingIfNeeded: Int32(max(-127, min(127, (value + shift) - shift))))
  }

  /// Bit planes of odd numbers: plane p's bit stands for ±2^p.
  private func storePlanes(
    _ floats: UnsafePointer<Float>, to data: UnsafeMutableRawPointer
  ) -> (step: Double, sum: Int) {
    let largest = largest(floats)
    let planes = Int(VK_PLANES)
    let top = Float((1 << planes) - 1)
    let inverse = largest > Self.smallest ? top / largest : 0
    let bytes = data.assumingMemoryBound(to: UInt8.self)
    for index in 0..<codeCount {
      let level = UInt8(max(0, min(top, ((floats[index] * inverse + top) / 2).rounded())))
      for plane in 0..<planes {
        bytes[plane * partBytes + index / 8] |= (level >> UInt8(plane) & 1) << UInt8(index % 8)
      }
    }
    return (Double(largest) / Double(top), 0)
  }
}
