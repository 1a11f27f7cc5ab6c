import VectorMath

/// The parameters of the index of buckets, for packed bits: vectors whose first few bits are the same lie in one
/// bucket, and a search looks into the buckets whose bits differ from the query's in few places.
public struct HashConfiguration: Hashable, Sendable {
  /// Bits of a bucket's number, 1 to 32, and at most as many as vectors have. About log₂ of the number of vectors, less
  /// a few, gives buckets of several vectors.
  public var bits: Int
  /// Tables of buckets, 1 to 64, each with ``bits`` of its own: a vector lies in one bucket of each and is found by any.
  /// All together have at most as many bits as vectors have. Each costs a number for each vector.
  public var tables: Int
  /// Bits of a number that may differ from the query's, in a search that names no `ef`. A search goes on to further
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
    bits: Int = HashConfiguration.defaultBits, tables: Int = 1,
    flips: Int = HashConfiguration.defaultFlips, seed: UInt64 = 0
  ) {
    self.bits = bits
    self.tables = tables
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
    let limits = [
      ConfigurationLimits.problem("bits", bits, ConfigurationLimits.hashBits),
      ConfigurationLimits.problem("tables", tables, ConfigurationLimits.hashTables),
    ].compactMap(\.self)
    problems += limits
    if limits.isEmpty, elementType == .bits, let dimensions, bits * tables > dimensions {
      problems.append(
        tables == 1
          ? "bits is \(bits), more than the \(dimensions) bits of a vector"
          : "bits is \(bits) in each of \(tables) tables, more than the \(dimensions) bits of a vector"
      )
    }
    if let problem = ConfigurationLimits.problem("flips", flips, 0...32) {
      problems.append(problem)
    }
    // Stored as a signed number, as JSON numbers are.
    if seed > UInt64(Int64.max) { problems.append("seed is \(seed); it must be at most 2^63 - 1") }
    return problems
  }
}
