/// A small deterministic generator (SplitMix64: Steele, Lea, Flood 2014) for everything that must come
/// out the same from the same seed: samples, insertion orders, level draws.
package struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator that yields the same numbers for the same `seed`, on every platform.
  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.finish(state)
  }

  /// A number in `0..<bound` by multiplication (Lemire 2019, without the rejection step: the bias is
  /// below bound / 2⁶⁴); 0 when `bound` is 0.
  package mutating func below(_ bound: Int) -> Int {
    bound > 0 ? Int(next().multipliedFullWidth(by: UInt64(bound)).high) : 0
  }

  /// A hash of one number: a bijection whose bits all depend on all bits of `value`.
  package static func mix(_ value: UInt64) -> UInt64 {
    finish(value &+ 0x9E37_79B9_7F4A_7C15)
  }

  /// A hash of a seed and a number, for draws that must depend on nothing else.
  package static func mix(_ seed: UInt64, _ value: UInt64) -> UInt64 {
    mix(mix(seed) ^ value)
  }

  private static func finish(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
