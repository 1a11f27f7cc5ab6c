import VectorMath

/// The parameters of the index of buckets, for packed bits: vectors whose first few bits are the same lie in one
/// bucket, and a search looks into the buckets whose bits differ from the query's in few places.
public struct HashConfiguration: Hashable, Sendable {
  /// Bits of a bucket's number, 1 to 32, and at most as many as vectors have. About log₂ of the number of vectors, less
  /// a few, gives buckets of several vectors.
  public var bits: Int
  /// Bits of the number that may differ from the query's, in a search that names no `ef`. A search goes on to further
  /// buckets, and in the end to all vectors, until it has found as many as it wants.
  public var flips: Int
  /// 0 takes the first bits of a vector, another seed draws them from all: for vectors whose first bits say little.
  public var seed: UInt64

  /// The usual ``bits``.
  public static let defaultBits = 16
  /// The usual ``flips``.
  public static let defaultFlips = 2

  /// Creates a configuration; what is not said is as usual.
  public init(
    bits: Int = HashConfiguration.defaultBits, flips: Int = HashConfiguration.defaultFlips,
    seed: UInt64 = 0
  ) {
    self.bits = bits
    self.flips = flips
    self.seed = seed
  }

  /// What is wrong with the values, as sentences, or does not go with the vectors.
  func problems(elementType: ElementType, dimensions: Int?) -> [String] {
    var problems: [String] = []
    if elementType != .bits {
      problems.append(
        "the index hash does not go with the element type \(elementType): its buckets are bits of packed bits"
      )
    }
    if let problem = ConfigurationLimits.problem("bits", bits, ConfigurationLimits.hashBits) {
      problems.append(problem)
    } else if elementType == .bits, let dimensions, bits > dimensions {
      problems.append("bits is \(bits), more than the \(dimensions) bits of a vector")
    }
    if let problem = ConfigurationLimits.problem("flips", flips, 0...32) {
      problems.append(problem)
    }
    // Stored as a signed number, as JSON numbers are.
    if seed > UInt64(Int64.max) { problems.append("seed is \(seed); it must be at most 2^63 - 1") }
    return problems
  }
}
