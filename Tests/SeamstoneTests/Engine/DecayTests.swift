import SegmentFiles
import StorageIO
import StoreModel
import TestSupport
import Testing
import VectorIndexes

@testable import Seamstone

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A store whose vectors are replaced little by little, each time worked into the graph there is.
@Suite struct DecayTests {
  private static var options: StoreOptions {
    // Such that whatever is replaced is sealed and worked into the graph at once, however little it is.
    var options = StoreFixture.options(sealRows: 16, graphRows: 1_000)
    options.compaction.settleFactor = 1_000
    return options
  }

  /// 50 generations with SEAMSTONE_DECAY_GENERATIONS=50; the store is larger then too.
  @Test func recallDoesNotDecayInAStoreOverGenerations() throws {
    let asked = TestSettings.number("SEAMSTONE_DECAY_GENERATIONS")
    let generations = asked ?? 5
    let count = asked == nil ? 2_000 : 20_000
    let aged = try StoreBench(dimensions: 16, seed: 151, options: Self.options)
    try aged.upsert(0..<count)
    try aged.collection.compact(full: true)
    for _ in 0..<generations {
      let objects = (0..<count)
        .filter { _ in Int.random(in: 0..<50, using: &aged.random) == 0 }.map { aged.object($0) }
      try aged.collection.upsert(objects)
      aged.model.upsert(objects)
      try aged.store.runBackgroundWork()
    }
    let graph = try #require(aged.largestSegment?.handle).index
    #expect(graph.hasGraph && graph.count > count * 9 / 10)
    // Graphs are built anew after some generations.
    #expect(graph.header.generation >= 2 || generations > 5)

    let fresh = try StoreBench(dimensions: 16, seed: 151, options: Self.options)
    let all = aged.model.entries.sorted { $0.key < $1.key }.map { id, entry in
      VectorObject(id: id, value: entry.vector, properties: entry.properties)
    }
    try fresh.collection.upsert(all)
    fresh.model.upsert(all)
    try fresh.collection.compact(full: true)
    #expect(fresh.largestSegment?.handle?.index.header.generation == 0)

    let old = try recall(aged)
    let new = try recall(fresh)
    #expect(old >= new - 0.01, "after \(generations): \(old), built anew \(new)")
    print("\(generations) generations of a store: recall@10 at ef 32 \(old), built anew \(new)")
  }

  private func recall(_ bench: StoreBench) throws -> Double {
    var random = SeededGenerator(seed: 152)
    let found = try ModelComparison(bench.collection, bench.model)
      .checkSearches(150, random: &random, dimensions: bench.dimensions)
    return Double(found.narrow.found) / Double(max(found.narrow.expected, 1))
  }
}
