import CVectorKernels

/// Rows of 8-, 4- or 1-bit codes of a vector's difference from a centre, with factors that make dot products
/// of codes into distances: what ``RaBitQEncoding`` and ``NibbleQuantizer`` have in common.
///
/// With o the vector, q the query, c the centre, r = P(o − c), y = P(q − c) and u the codes' values, which
/// lie symmetrically around 0: `⟨r, y⟩ ≈ ⟨u, y⟩ · ‖r‖² / ⟨r, u⟩`. All factors are computed from the
/// rounded codes, in 64 bits, and limited to finite floats.
struct CenteredCodes: Sendable {
  let metric: Metric
  let dimensions: Int
  /// 8, 4 or 1.
  let bits: Int
  /// `nil` for the origin.
  let center: [Float]?
  let rotation: RandomRotation?
  let kernels: CodeKernels
  /// The largest magnitude of the centre.
  private let centerReach: Float

  init(
    metric: Metric, dimensions: Int, bits: Int, center: [Float]?, rotation: RandomRotation?,
    kernels: CodeKernels
  ) {
    self.metric = metric
    self.dimensions = dimensions
    self.bits = bits
    self.center = center
    self.rotation = rotation
    self.kernels = kernels
    centerReach = center?.reduce(0) { max($0, abs($1)) } ?? 0
  }

  /// The number of codes in a row.
  var codeCount: Int { rotation?.padded ?? dimensions }
  /// The bytes of a row's codes.
  var codeBytes: Int {
    switch bits {
    case 8: codeCount
    case 4: (codeCount + 1) / 2
    default: (codeCount + 7) / 8
    }
  }
  /// Codes, add, rescale, and for single bits the error bound.
  var rowBytes: Int { codeBytes + (bits == 1 ? 12 : 8) }
  /// A part of a prepared query.
  var partBytes: Int { (codeBytes + 63) / 64 * 64 }
  var queryBytes: Int {
    let parts =
      switch bits {
      case 8: 1
      case 4: 2
      default: Int(VK_PLANES)
      }
    return Int(VK_CODE_QUERY_DATA) + parts * partBytes
  }
  var kernel: BatchKernel {
    switch bits {
    case 8: BatchKernel(kernels.functions.bytes_dot)
    case 4: BatchKernel(kernels.functions.nibbles_dot)
    default: BatchKernel(kernels.functions.planes)
    }
  }

  func distance(ofKey key: UInt32) -> Float {
    let distance = DistanceKey.float(of: key)
    return metric == .dot ? distance : max(0, distance)
  }

  /// The difference of a vector from the centre, rotated, in units of `1 / scale`.
  struct Difference {
    /// A power of two that keeps sums of squares within 32 bits.
    var scale: Double
    /// ‖o − c‖² and ⟨c, o⟩ and ⟨c, c⟩, scaled twice.
    var square = 0.0
    var product = 0.0
    var centerSquare = 0.0
  }

  /// Writes the rotated difference to ``codeCount`` floats.
  func difference(
    _ vector: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) -> Difference {
    let count = dimensions
    Normalization.copy(vector, count: count, metric: metric, to: result)
    var reach = centerReach
    for index in 0..<count { reach = max(reach, abs(result[index])) }
    let scale = Self.scale(reach)
    var difference = Difference(scale: Double(scale))
    if let center {
      center.withUnsafeBufferPointer { center in
        for index in 0..<count {
          let middle = center[index] * scale
          let component = result[index] * scale
          result[index] = component - middle
          difference.product += Double(component) * Double(middle)
          difference.centerSquare += Double(middle) * Double(middle)
        }
      }
    } else if scale != 1 {
      for index in 0..<count { result[index] *= scale }
    }
    for index in 0..<count { difference.square += Double(result[index]) * Double(result[index]) }
    if let rotation {
      for index in count..<rotation.padded { result[index] = 0 }
      rotation.rotate(result, kernels: kernels)
    }
    return difference
  }

  /// 1, or for vectors whose squares 32 bits do not hold well the power of two that brings them near 1.
  private static func scale(_ reach: Float) -> Float {
    guard reach > 0, !(1e-12...1e12).contains(reach) else { return 1 }
    let exponent = max(-126, min(126, -Int(reach.exponent)))
    return Float(sign: .plus, exponent: exponent, significand: 1)
  }
}
