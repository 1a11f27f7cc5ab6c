import TestSupport
import Testing

@testable import VectorIndexes

/// Keeping the best of a stream: a few in order, many in an array that is cut back.
@Suite struct BestRowsTests {
  /// Keys of which many are the same, and at times nearer and nearer, at times farther and farther away.
  private func keys(upTo most: UInt32, _ random: inout SeededGenerator) -> [UInt32] {
    var keys: [UInt32] = []
    for row in 0..<600 {
      switch row % 3 {
      case 0: keys.append(UInt32.random(in: 0...most, using: &random))
      case 1: keys.append(min(most, UInt32(row)))
      default: keys.append(min(most, UInt32(600 - row)))
      }
    }
    return keys
  }

  private static let limits = [1, 2, 10, 32, 33, 100, 700]

  @Test(arguments: limits, [false, true])
  func theBestAreThoseOfASort(limit: Int, isAscending: Bool) {
    for most in [3, 40, UInt32.max - 1] as [UInt32] {
      var random = SeededGenerator(seed: UInt64(most))
      let keys = keys(upTo: most, &random)
      var rows = Array(keys.indices)
      if !isAscending { rows.shuffle(using: &random) }
      var best = BestRows(limit: limit, storage: [7, 8, 9], isAscending: isAscending)
      for row in rows where keys[row] <= best.bar { best.add(key: keys[row], row: UInt32(row)) }
      let all = keys.indices.map { PoolEntry.make(key: keys[$0], ordinal: UInt32($0)) }.sorted()
      #expect(best.finish() == Array(all.prefix(limit)), "keys up to \(most)")
    }
  }

  /// Rows as near as the last of the best are kept beside them.
  @Test(arguments: limits) func tiesAtTheCutAreKept(limit: Int) {
    for most in [20, 100, 400, UInt32.max - 1] as [UInt32] {
      var random = SeededGenerator(seed: UInt64(most))
      let keys = keys(upTo: most, &random)
      var best = BestRows(limit: limit, storage: [], slack: 32, keepsTies: true)
      for row in keys.indices.shuffled(using: &random) where keys[row] <= best.bar {
        best.add(key: keys[row], row: UInt32(row))
      }
      let all = keys.indices.map { PoolEntry.make(key: keys[$0], ordinal: UInt32($0)) }.sorted()
      let last = limit < all.count ? PoolEntry.key(all[limit - 1]) : .max
      #expect(
        best.finish().sorted() == all.filter { PoolEntry.key($0) <= last }, "keys up to \(most)")
    }
  }

  /// Where nearly all rows are as near, not all of them are kept.
  @Test(arguments: limits) func tiesAreNotKeptWithoutBound(limit: Int) {
    var best = BestRows(limit: limit, storage: [], keepsTies: true)
    for row in 0..<100_000 where best.bar >= 5 { best.add(key: 5, row: UInt32(row)) }
    best.add(key: 1, row: 100_000)
    let found = best.finish()
    #expect(found.count >= limit && found.count <= limit + BestRows.mostTies)
    #expect(found.first == PoolEntry.make(key: 1, ordinal: 100_000))
  }

  @Test func theBarOfAFewIsTheWorstOfThem() {
    var best = BestRows(limit: 2, storage: [])
    best.add(key: 9, row: 0)
    #expect(best.bar == .max)
    best.add(key: 7, row: 1)
    #expect(best.bar == 9)
    best.add(key: 3, row: 2)
    #expect(best.bar == 7)
    var ascending = BestRows(limit: 1, storage: [], isAscending: true)
    ascending.add(key: 5, row: 0)
    // Another row as near would come after it.
    #expect(ascending.bar == 4)
  }
}
