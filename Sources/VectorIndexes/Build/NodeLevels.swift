/// Levels and the order of insertion, as pure functions of seed and DocID: a vector keeps its level
/// when segments are merged, and the same input gives the same graph on every machine.
struct NodeLevels {
  /// Highest level that the format carries.
  static let maxLevel = 15

  private let seed: UInt64
  private let thresholds: [UInt64]

  /// Level l is reached with probability m^-l; in integers, so that no logarithm rounds differently
  /// on another machine.
  init(seed: UInt64, m: Int) {
    self.seed = seed
    var thresholds: [UInt64] = []
    var bound = UInt64.max
    while thresholds.count < Self.maxLevel {
      bound /= UInt64(max(2, m))
      if bound == 0 { break }
      thresholds.append(bound)
    }
    self.thresholds = thresholds
  }

  /// The highest layer that holds the vector.
  func level(of docID: UInt64) -> Int {
    let hash = Self.mix(seed ^ Self.mix(docID))
    var level = 0
    while level < thresholds.count, hash < thresholds[level] { level += 1 }
    return level
  }

  /// Decides the order of insertion within one level.
  func priority(of docID: UInt64) -> UInt64 {
    Self.mix(Self.mix(docID &+ 0x5851_F42D_4C95_7F2D) ^ seed)
  }

  /// The finaliser of SplitMix64 (Steele et al., 2014).
  static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
