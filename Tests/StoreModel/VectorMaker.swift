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
    switch Int.random(in: 0..<40, using: &random) {
    case 0: return [Float](repeating: 0, count: dimensions)
    case 1: return [Float](repeating: 1, count: dimensions)
    case 2: return (0..<dimensions).map { _ in Float(Int.random(in: -3...3, using: &random)) }
    case 3: return (0..<dimensions).map { _ in random.gaussian() * 3 }
    default: return (0..<dimensions).map { _ in random.gaussian() }
    }
  }
}
