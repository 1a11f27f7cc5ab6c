import VectorMath

/// Takes the bits of a bucket's number out of a vector.
struct BucketKey: Sendable {
  /// For each bit of the number, the highest first, the component of the vector that it is.
  let positions: [Int]

  /// One for each table; `nil` where vectors have fewer components than the numbers have bits, which no two tables
  /// share.
  static func all(_ parameters: HashParameters, dimensions: Int) -> [BucketKey]? {
    guard HashParameters.bitRange.contains(parameters.bits),
      HashParameters.tableRange.contains(parameters.tables),
      parameters.bits * parameters.tables <= dimensions
    else { return nil }
    var chosen = Array(0..<parameters.bits * parameters.tables)
    if parameters.seed != 0 {
      var random = SeededRandom(seed: parameters.seed)
      var all = Array(0..<dimensions)
      for place in chosen { all.swapAt(place, place + random.below(dimensions - place)) }
      chosen = Array(all.prefix(chosen.count))
    }
    return (0..<parameters.tables).map { table in
      let first = table * parameters.bits
      return BucketKey(positions: chosen[first..<first + parameters.bits].sorted())
    }
  }

  /// The number of the bucket of a vector, whose bytes are readable as far as its dimensions go.
  func key(of vector: UnsafeRawPointer) -> UInt32 {
    var key: UInt32 = 0
    for position in positions {
      let byte = vector.load(fromByteOffset: position >> 3, as: UInt8.self)
      key = key << 1 | UInt32(byte >> UInt8(7 - position & 7) & 1)
    }
    return key
  }
}
