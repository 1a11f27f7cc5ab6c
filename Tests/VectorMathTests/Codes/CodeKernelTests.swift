import KernelCheck
import TestSupport
import Testing
import VectorMath

/// The kernels of codes and of float16 against naive definitions, at the edge of unreadable pages.
@Suite struct CodeKernelTests {
  static let slices: [(level: Int, lengths: ClosedRange<Int>)] =
    CodeKernels.levels.indices.flatMap { level in [1...500, 501...1100].map { (level, $0) } }

  @Test("Every kernel of every level does what its definition says", arguments: slices)
  func kernelsFollowTheirDefinitions(level: Int, lengths: ClosedRange<Int>) {
    var text = [CChar](repeating: 0, count: 256)
    let seed = UInt64(20_260_201 + lengths.lowerBound)
    let failures = code_check(
      level, lengths.lowerBound, lengths.upperBound, seed, &text, text.count)
    let report = String(
      decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    #expect(failures == 0, "seed \(seed): \(report)")
  }

  @Test("A rotation keeps lengths and dot products", arguments: [1, 3, 64, 100, 384, 1000])
  func rotationKeepsProducts(dimensions: Int) {
    var random = SeededGenerator(seed: 11)
    let rotation = RandomRotation(seed: 7, dimensions: dimensions)
    #expect(rotation.padded % 64 == 0 && rotation.padded - dimensions < 64)
    let pair = (0..<2).map { _ in CodeData.unit(dimensions, &random) }
    let rotated = pair.map { vector in
      var copy = vector + [Float](repeating: 0, count: rotation.padded - dimensions)
      rotation.rotate(&copy)
      return copy
    }
    for (a, b) in [(0, 0), (0, 1), (1, 1)] {
      let before = zip(pair[a], pair[b]).reduce(0) { $0 + $1.0 * $1.1 }
      let after = zip(rotated[a], rotated[b]).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(before - after) < 2e-6)
    }
    // One component spreads over all.
    var axis = [Float](repeating: 0, count: rotation.padded)
    axis[dimensions - 1] = 1
    rotation.rotate(&axis)
    #expect(axis.allSatisfy { abs($0) < 8 / Float(rotation.padded).squareRoot() })
    let reached = axis.count { $0 != 0 }
    #expect(reached > rotation.padded / 4)
  }
}
