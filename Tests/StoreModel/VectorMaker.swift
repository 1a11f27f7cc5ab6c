import Seamstone
import TestSupport

/// Vectors with the awkward cases in them: zeros, repeats, whole numbers, and some that lie far out.
package enum VectorMaker {
  package static func vector(
    _ dimensions: Int, metric: Metric, using random: inout SeededGenerator
  ) -> [Float] {
    if metric == .hamming {
      return (0..<dimensions).map { _ in Float(Int.random(in: 0...3, using: &random)) }
    }
    return numbers(dimensions, using: &random)
  }

  /// A vector of either element type. Few different bits, so that many distances are equal.
  package static func value(
    _ dimensions: Int, metric: Metric, elementType: ElementType, using random: inout SeededGenerator
  ) -> VectorValue {
    switch elementType {
    case .float32: return .floats(vector(dimensions, metric: metric, using: &random))
    case .bits:
      let isSparse = Int.random(in: 0..<10, using: &random) == 0
      return .bits(
        (0..<dimensions / 8).map { _ in
          let byte = UInt8.random(in: 0...255, using: &random)
          return isSparse ? byte & UInt8.random(in: 0...255, using: &random) & 0x11 : byte
        })
    }
  }

  private static func numbers(
    _ dimensions: Int, using random: inout SeededGenerator
  ) -> [Float] {
    switch Int.random(in: 0..<40, using: &random) {
    case 0: return [Float](repeating: 0, count: dimensions)
    case 1: return [Float](repeating: 1, count: dimensions)
    case 2: return (0..<dimensions).map { _ in Float(Int.random(in: -3...3, using: &random)) }
    case 3: return (0..<dimensions).map { _ in random.gaussian() * 3 }
    default: return (0..<dimensions).map { _ in random.gaussian() }
    }
  }
}
