import TestSupport

/// Rows of packed bits for tests.
enum BitRows {
  /// Rows around random centres, each of them the next row's in turn; of each byte, one bit in two to the power of `rarity`
  /// is turned over.
  static func clustered(
    _ count: Int, centres: Int, bytes: Int, rarity: Int, seed: UInt64
  ) -> [[UInt8]] {
    var random = SeededGenerator(seed: seed)
    let centres = (0..<centres).map { _ in
      (0..<bytes).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
    return (0..<count).map { row in
      centres[row % centres.count].map { byte in
        byte
          ^ (0..<rarity).reduce(UInt8(255)) { mask, _ in
            mask & UInt8.random(in: 0...255, using: &random)
          }
      }
    }
  }
}
