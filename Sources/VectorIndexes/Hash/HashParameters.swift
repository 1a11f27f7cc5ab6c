/// Which bits of a vector are its buckets' numbers.
package struct HashParameters: Sendable, Hashable {
  /// Bits of a bucket's number.
  package var bits: Int
  /// Tables of buckets, each with bits of its own: every vector lies in one bucket of each.
  package var tables: Int
  /// 0 takes the first bits; another seed draws them from all. A second attempt at a build has another seed.
  package var seed: UInt64

  /// Bits that a bucket's number may have.
  package static let bitRange = 1...32
  /// Tables that there may be.
  package static let tableRange = 1...64

  /// The first bits, or ones drawn by a seed.
  package init(bits: Int, tables: Int = 1, seed: UInt64 = 0) {
    self.bits = bits
    self.tables = tables
    self.seed = seed
  }

  /// Everything that decides what is built.
  var words: [UInt64] { [UInt64(bits), UInt64(tables), seed] }
}
