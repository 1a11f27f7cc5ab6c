import Testing

@testable import VectorIndexes

@Suite struct CollectableTests {
  /// Three nodes; rows 3 and 4 hang on node 1, nothing on the others.
  @Test func nodesCountWhenAnyOfTheirRowsIsAllowed() {
    let offsets: [UInt32] = [0, 0, 2, 2]
    offsets.withUnsafeBufferPointer { offsets in
      guard let base = offsets.baseAddress else { return }
      let view = DuplicateView(offsets: base, nodeCount: 3, rowCount: 5)
      func counting(_ allowed: [Int]) -> [Bool] {
        let filter = SearchFilter(allowed: allowed, rowCount: 5)
        return filter.words.withUnsafeBufferPointer { words in
          guard let words = words.baseAddress else { return [] }
          let collectable = Collectable(words: words, rowCount: 5, duplicates: view)
          return (0..<3).map { collectable.allows($0) }
        }
      }
      #expect(counting([]) == [false, false, false])
      #expect(counting([4]) == [false, true, false])
      #expect(counting([1]) == [false, true, false])
      #expect(counting([0, 3]) == [true, true, false])
      #expect(view.rows(of: 1) == 3..<5)
      #expect(view.rows(of: 7).isEmpty)
    }
  }
}
