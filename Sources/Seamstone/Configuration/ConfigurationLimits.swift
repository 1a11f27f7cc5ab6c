/// The ranges that configurations are checked against.
enum ConfigurationLimits {
  /// Components of a vector. The upper end is what two bytes can say, and more than any model uses.
  static let dimensions = 1...65_535
  /// Bits of a bucket's number.
  static let hashBits = 1...32
  /// Tables of buckets.
  static let hashTables = 1...64
  /// Neighbours of a node on the upper layers.
  static let m = 2...2_047
  /// Vectors from which on a segment gets a graph.
  static let graphRows = 1...(1 << 31)
  /// Inverted lists, and how many of them a search looks into.
  static let lists = 1...1_048_576
  /// Beam while building.
  static let efConstruction = 4...100_000
  /// Beam of a search.
  static let beam = 1...1_000_000
  /// Trees of a forest.
  static let trees = 1...10_000
  /// Candidates of a search in a forest.
  static let searchK = 1...1_000_000_000
  /// Beam as a multiple of the results.
  static let beamFactor = 1...10_000

  /// Vectors that an encoding is trained on: as many floats are held in memory meanwhile.
  static let training = 1...10_000_000
  /// Candidates that are compared by their originals.
  static let rescoring = 0...1_000_000
  /// Centroids of a subvector; their numbers are bytes.
  static let centroids = 2...256

  /// What is wrong with a value, in a sentence; nil inside its range.
  static func problem(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> String? {
    range.contains(value) ? nil : "\(name) is \(value); it must be \(text(range))"
  }

  /// A range in words.
  static func text(_ range: ClosedRange<Int>) -> String {
    "\(range.lowerBound) to \(range.upperBound)"
  }
}
