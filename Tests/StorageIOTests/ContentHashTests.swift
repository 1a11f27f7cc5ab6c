import StorageIO
import TestSupport
import Testing

@Suite("The content hash")
struct ContentHashTests {
  private struct Value: Hashable {
    var low: UInt64
    var high: UInt64
    init(_ hash: ContentHash) { (low, high) = hash.finish() }
  }

  private func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> Value {
    var hash = ContentHash(seed: seed)
    bytes.withUnsafeBytes { hash.update($0) }
    return Value(hash)
  }

  @Test("does not depend on the pieces, words included")
  func pieces() {
    var generator = SeededGenerator(seed: 31)
    for round in 0..<200 {
      let bytes = (0..<Int.random(in: 0...100, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      var hash = ContentHash()
      var rest = bytes[...]
      while !rest.isEmpty {
        if rest.count >= 8, Bool.random(using: &generator) {
          let word = rest.prefix(8).enumerated().reduce(UInt64(0)) {
            $0 | UInt64($1.element) << (8 * $1.offset)
          }
          hash.update(word)
          rest = rest.dropFirst(8)
        } else {
          let piece = Array(rest.prefix(Int.random(in: 1...20, using: &generator)))
          piece.withUnsafeBytes { hash.update($0) }
          rest = rest.dropFirst(piece.count)
        }
      }
      #expect(Value(hash) == self.hash(bytes), "round \(round)")
    }
  }

  @Test("differs for every flipped bit, every length of zeros, and every seed")
  func distinct() {
    var seen: Set<Value> = []
    let base: [UInt8] = Array(0..<48)
    seen.insert(hash(base))
    for bit in 0..<base.count * 8 {
      var bytes = base
      bytes[bit / 8] ^= 1 << (bit % 8)
      let value = hash(bytes)
      #expect(seen.insert(value).inserted, "bit \(bit)")
      let changed = (value.low ^ hash(base).low).nonzeroBitCount
      #expect((8...56).contains(changed), "bit \(bit) changes \(changed) of 64")
    }
    for count in 0..<200 {
      #expect(seen.insert(hash(Array(repeating: 0, count: count))).inserted, "\(count) zeros")
    }
    for seed in 1..<200 { #expect(seen.insert(hash(base, seed: UInt64(seed))).inserted) }
  }

  @Test("is the same on every machine and in every release")
  func stable() {
    #expect(String(hash([]).low, radix: 16) == "ad998d8de5bc8fc3")
    #expect(String(hash(Array(0..<37), seed: 5).high, radix: 16) == "111a3515387b7055")
  }
}
