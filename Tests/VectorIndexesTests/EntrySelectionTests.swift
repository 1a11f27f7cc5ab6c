import TestSupport
import Testing
import VectorMath

@testable import VectorIndexes

/// The smallest of many entries come first, whatever the order they had.
@Suite struct EntrySelectionTests {
  @Test func theSmallestComeFirstAndTheLargestOfThemLast() {
    var random = SeededRandom(seed: 71)
    for size in [1, 2, 3, 11, 12, 13, 100, 1_000] {
      for _ in 0..<20 {
        let entries = Array(Set((0..<size).map { _ in UInt64(random.below(10 * size)) }))
        check(entries, 1 + random.below(entries.count))
      }
    }
  }

  @Test func ordersThatMakeBadPivotsAreSelectedFromToo() {
    let ascending = (0..<5_000).map { UInt64($0) }
    let organPipe = ascending.filter { $0 % 2 == 0 } + ascending.filter { $0 % 2 == 1 }.reversed()
    let killer = Self.medianOfThreeKiller(4_096)
    for entries in [ascending, ascending.reversed(), organPipe, killer] {
      for count in [1, 50, entries.count / 2, entries.count - 1, entries.count] {
        check(entries, count)
      }
    }
  }

  private func check(_ entries: [UInt64], _ count: Int) {
    var selected = entries
    selected.withUnsafeMutableBufferPointer { EntrySelection.moveSmallest(count, of: $0) }
    let sorted = entries.sorted()
    #expect(selected[count - 1] == sorted[count - 1], "\(count) of \(entries.count)")
    #expect(selected.prefix(count).sorted() == Array(sorted.prefix(count)))
    #expect(selected.sorted() == sorted)
  }

  /// An order for which the median of three is always among the smallest (Musser, 1997).
  private static func medianOfThreeKiller(_ count: Int) -> [UInt64] {
    let half = count / 2
    return (0..<half).map { UInt64($0 % 2 == 0 ? $0 + 1 : half + $0 + ($0 < half - 1 ? 1 : 0)) }
      + (0..<half).map { UInt64(2 * ($0 + 1) + 2 * count) }
  }
}
