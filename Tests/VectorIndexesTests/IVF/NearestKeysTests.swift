import TestSupport
import Testing
import VectorMath

@testable import VectorIndexes

/// The smallest keys of some ranges are found, whatever a sample of them says.
@Suite struct NearestKeysTests {
  @Test(arguments: [[0..<9], [0..<3_000], [40..<900, 0..<17, 2_000..<5_000], [7..<7, 3..<4]])
  func theSmallestKeysAreFound(_ ranges: [Range<Int>]) {
    var random = SeededRandom(seed: 72)
    for bound in [4, 100_000] {
      check(ranges) { _ in UInt32(random.below(bound)) }
    }
  }

  /// Every eighth key, those that are looked at for a first guess, is far smaller, or far larger, than the others.
  @Test func aSampleThatMisleadsCostsNothingButTime() {
    var random = SeededRandom(seed: 73)
    check([0..<2_048]) { UInt32(random.below(1_000) + ($0 % 8 == 0 ? 0 : 5_000)) }
    check([0..<2_048]) { UInt32(random.below(1_000) + ($0 % 8 == 0 ? 5_000 : 0)) }
  }

  private func check(_ ranges: [Range<Int>], key: (Int) -> UInt32) {
    let rows = ranges.flatMap { $0 }
    let keys = rows.indices.map(key)
    let all = zip(keys, rows).map { PoolEntry.make(key: $0, ordinal: UInt32($1)) }.sorted()
    for wanted in [1, 3, 33, 112, 700] {
      let found = keys.withUnsafeBufferPointer { keys in
        keys.baseAddress.map {
          NearestKeys($0, ranges: ranges).smallest(wanted, scratch: SearchScratch())
        }
      }
      #expect(found?.sorted() == Array(all.prefix(wanted)), "\(wanted) of \(all.count)")
    }
  }
}
