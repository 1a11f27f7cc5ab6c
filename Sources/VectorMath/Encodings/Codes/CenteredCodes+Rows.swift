import CVectorKernels

extension CenteredCodes {
  /// How many deviations the error bound of single bits lies away: 97 of 100 estimates lie above the lower
  /// bound (RaBitQ's ε₀).
  static let deviations = 1.9

  func encode(_ vector: UnsafePointer<Float>, into row: UnsafeMutableRawPointer) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, codeCount)) { floats in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(1, codeCount)) { codes in
        guard let floats = floats.baseAddress, let codes = codes.baseAddress else { return }
        let difference = difference(vector, into: floats)
        var sums: (Float, Float, Float) = (0, 0, 0)
        withUnsafeMutableBytes(of: &sums) { sums in
          guard let base = sums.baseAddress else { return }
          kernels.functions.quantize(
            floats, codeCount, UInt32(bits), codes, base.assumingMemoryBound(to: Float.self))
        }
        pack(codes, into: row)
        storeFactors(difference, sums, to: row + codeBytes)
      }
    }
  }

  /// The share of a vector's squared distance from the centre that its codes miss; `nil` at the centre.
  func relativeError(of vector: UnsafePointer<Float>) -> Double? {
    var missed: Double?
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, codeCount)) { floats in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(1, codeCount)) { codes in
        guard let floats = floats.baseAddress, let codes = codes.baseAddress else { return }
        _ = difference(vector, into: floats)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 3) { sums in
          guard let base = sums.baseAddress else { return }
          kernels.functions.quantize(floats, codeCount, UInt32(bits), codes, base)
          let (square, product, codeSquare) = (Double(base[0]), Double(base[1]), Double(base[2]))
          if square > 0, codeSquare > 0 {
            missed = max(0, 1 - product * product / (square * codeSquare))
          }
        }
      }
    }
    return missed
  }

  /// Codes as they lie in a row.
  private func pack(_ codes: UnsafePointer<UInt8>, into row: UnsafeMutableRawPointer) {
    let bytes = row.assumingMemoryBound(to: UInt8.self)
    let count = codeBytes
    switch bits {
    case 8: bytes.update(from: codes, count: count)
    case 4:
      let high = codeCount - count
      for index in 0..<high { bytes[index] = codes[index] | codes[count + index] << 4 }
      for index in high..<count { bytes[index] = codes[index] }
    default:
      for index in 0..<count {
        var byte: UInt8 = 0
        for bit in 0..<min(8, codeCount - index * 8) {
          byte |= codes[index * 8 + bit] << UInt8(bit)
        }
        bytes[index] = byte
      }
    }
  }

  private func storeFactors(
    _ difference: Difference, _ sums: (Float, Float, Float), to factors: UnsafeMutableRawPointer
  ) {
    let scale = difference.scale
    let (square, product, codeSquare) = (Double(sums.0), Double(sums.1), Double(sums.2))
    // Only the zero vector has no product with its own codes.
    let ratio = product > 0 ? square / product : 0
    let steps = metric == .l2Squared ? 2.0 : 1.0
    let add =
      metric == .l2Squared
      ? difference.square / (scale * scale)
      : (difference.centerSquare - difference.product) / (scale * scale)
    Self.store(add, to: factors)
    Self.store(0 - steps * ratio / scale, to: factors + 4)
    guard bits == 1 else { return }
    let spread = product > 0 ? max(0, square * codeSquare / (product * product) - 1) : 0
    let deviation = (square * spread / Double(max(1, codeCount - 1))).squareRoot()
    Self.store(Self.deviations * steps * deviation / scale, to: factors + 8)
  }

  /// Writes a number as a little-endian float.
  static func store(_ value: Double, to memory: UnsafeMutableRawPointer) {
    memory.storeBytes(of: Wide.finite(value).bitPattern.littleEndian, as: UInt32.self)
  }
}
