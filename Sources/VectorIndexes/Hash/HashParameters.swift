import VectorMath

/// Which bits of a vector are its bucket's number.
package struct HashParameters: Sendable, Hashable {
  /// Bits of a bucket's number.
  package var bits: Int
  /// 0 takes the first bits; another seed draws them from all. A second attempt at a build has another seed.
  package var seed: UInt64

  /// Bits that a bucket's number may have.
  package static let bitRange = 1...32

  /// The first bits, or ones drawn by a seed.
  package init(bits: Int, seed: UInt64 = 0) {
    self.bits = bits
    self.seed = seed
  }

  /// Everything that decides what is built.
  var words: [UInt64] { [UInt64(bits), seed] }
}

/// Takes the bits of a bucket's number out of a vector.
struct BucketKey: Sendable {
  /// For each bit of the number, the highest first, the component of the vector that it is.
  let positions: [Int]

  /// `nil` where vectors have fewer components than the number has bits.
  init?(_ parameters: HashParameters, dimensions: Int) {
    guard HashParameters.bitRange.contains(parameters.bits), parameters.bits <= dimensions else {
      return nil
    }
    guard parameters.seed != 0 else {
      positions = Array(0..<parameters.bits)
      return
    }
    var random = SeededRandom(seed: parameters.seed)
    var all = Array(0..<dimensions)
    for place in 0..<parameters.bits {
      all.swapAt(place, place + random.below(dimensions - place))
    }
    positions = all.prefix(parameters.bits).sorted()
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
