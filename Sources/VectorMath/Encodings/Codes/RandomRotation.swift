import CVectorKernels

/// A random rotation in O(D log D): after it, every vector's components look alike, so that one rule rounds
/// them all well.
///
/// Four rounds of random signs, a Walsh–Hadamard transform of the largest power of two at the first and
/// the last components in turn, and sums and differences of both halves (fast Hadamard and Kac walks:
/// Ailon and Chazelle 2009; Gao et al. 2024). Lengths and dot products stay the same up to float rounding;
/// the result is the same bits on every CPU. The dimensions are padded with zeroes to a multiple of 64.
package struct RandomRotation: Sendable {
  /// The number of components after padding.
  package let padded: Int
  /// The signs of the rounds, times what keeps lengths.
  private let signs: [Float]

  /// The rotation of a seed: round r flips the components i whose bits i mod 64 of word i / 64 are set, words
  /// drawn in order from a ``SeededRandom`` of the seed.
  package init(seed: UInt64, dimensions: Int) {
    padded = Self.padded(dimensions)
    var random = SeededRandom(seed: seed)
    var span = 64
    while span * 2 <= padded { span *= 2 }
    let transformed = 1 / Float(span).squareRoot()
    let mixed = span == padded ? Float(1) : Float(0.5).squareRoot()
    var signs: [Float] = []
    signs.reserveCapacity(padded * VK_ROTATION_ROUNDS)
    for round in 0..<VK_ROTATION_ROUNDS {
      let first = round % 2 == 0 ? 0 : padded - span
      var word: UInt64 = 0
      for index in 0..<padded {
        if index % 64 == 0 { word = random.next() }
        let size = (first..<first + span).contains(index) ? transformed * mixed : mixed
        signs.append(word >> UInt64(index % 64) & 1 == 1 ? -size : size)
      }
    }
    self.signs = signs
  }

  /// `dimensions` rounded up to a multiple of 64.
  package static func padded(_ dimensions: Int) -> Int { (dimensions + 63) / 64 * 64 }

  /// Rotates ``padded`` components in place.
  package func rotate(_ vector: UnsafeMutablePointer<Float>, kernels: CodeKernels = .best) {
    signs.withUnsafeBufferPointer { signs in
      guard let base = signs.baseAddress else { return }
      kernels.functions.rotate(base, padded, vector)
    }
  }
}
