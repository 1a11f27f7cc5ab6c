/// A query as the integer kernels take it, and what their keys mean.
package struct QuantizedQuery: Sendable {
  /// The query's bytes: 7-bit codes, or for dot signed bytes −127...127. Padded with zeroes to a multiple
  /// of 64, so that rows padded alike may be compared in full: the padding adds nothing.
  package let bytes: [UInt8]
  let metric: Metric
  /// What a signed byte counts; 1 for codes.
  let unit: Double
  let slope: Double
  let offset: Double

  /// The approximate distance that a key stands for.
  package func distance(ofKey key: UInt32) -> Float {
    switch metric {
    case .dot:
      let product = 0x8000_0000 - Int64(key)
      return Wide.finite(offset + slope * Double(product))
    default:
      return Wide.finite(offset + slope * Double(key))
    }
  }
}

extension ScalarQuantizer {
  /// Prepares a query of `dimensions` components for the kernels of
  /// ``DistanceKernels/codeBatch(_:)``. Components outside the map are moved to its ends.
  package func prepareQuery(_ query: UnsafePointer<Float>) -> QuantizedQuery {
    metric == .dot ? signedQuery(query) : codedQuery(query)
  }

  private var paddedCount: Int { (dimensions + 63) / 64 * 64 }

  private func codedQuery(_ query: UnsafePointer<Float>) -> QuantizedQuery {
    var bytes = [UInt8](repeating: 0, count: paddedCount)
    bytes.withUnsafeMutableBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      encode(query, codes: base, residuals: nil)
    }
    let step = Double(map.step)
    // On unit vectors ‖a − b‖² = 2 − 2 cos.
    let slope =
      switch metric {
      case .cosine: step * step / 2
      case .manhattan: step
      default: step * step
      }
    return QuantizedQuery(bytes: bytes, metric: metric, unit: 1, slope: slope, offset: 0)
  }

  /// With x ≈ firstMiddle + c·step and q ≈ s·q8, x·q ≈ firstMiddle·s·Σq8 + step·s·(c·q8): only c·q8 depends
  /// on the row. The sum is that of the rounded bytes, as the product is.
  private func signedQuery(_ query: UnsafePointer<Float>) -> QuantizedQuery {
    var bytes = [UInt8](repeating: 0, count: paddedCount)
    var largest: Float = 0
    for index in 0..<dimensions { largest = max(largest, abs(query[index])) }
    let unit = largest > 0 ? Double(largest) / 127 : 1
    var sum = 0
    for index in 0..<dimensions {
      let rounded = Int8(max(-127, min(127, (Double(query[index]) / unit).rounded())))
      bytes[index] = UInt8(bitPattern: rounded)
      sum += Int(rounded)
    }
    return QuantizedQuery(
      bytes: bytes, metric: metric, unit: unit, slope: -Double(map.step) * unit,
      offset: 0 - Double(map.firstMiddle) * unit * Double(sum))
  }
}
