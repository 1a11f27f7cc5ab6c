import ObjectStorage
import StorageIO
import StoreModel
import TestSupport
import Testing
import VectorIndexes

@testable import Seamstone

/// Collections with inverted lists, from the first write to reopening.
@Suite struct ListStoreTests {
  private static func bench(
    _ encoding: VectorEncoding = .int8(), metric: Metric = .l2Squared,
    index: IndexConfiguration = .ivf(lists: 24, probes: 12)
  ) throws -> EncodedStore {
    try EncodedStore(encoding, metric: metric, index: index)
  }

  private func artifacts(_ bench: EncodedStore) throws -> [[UInt8]: [UInt8]] {
    let state = try #require(bench.state)
    return try bench.store.core.withReadTransaction { (transaction) throws(StoreError) in
      var found: [[UInt8]: [UInt8]] = [:]
      try state.tables.artifacts.forEach(in: transaction) { key, value in
        found[key] = value
        return true
      }
      return found
    }
  }

  @Test(
    arguments: [
      (.float32, .cosine), (.int8(), .dot), (.int8(), .manhattan),
      (.pq(subvectors: 16, centroids: 16), .l2Squared), (.rabitq(bits: 4), .cosine),
      (.binary(rescoreLimit: 400), .l2Squared),
    ] as [(VectorEncoding, Metric)])
  func listsAreSearchedLikeAnyOtherIndex(_ encoding: VectorEncoding, _ metric: Metric) throws {
    let bench = try Self.bench(encoding, metric: metric)
    let least = encoding.name == "binary" ? 0.7 : 0.9
    try bench.write(0..<2_400)
    try bench.store.runBackgroundWork()
    #expect(Set(try bench.statistics().segments.map(\.kind)) == ["ivf"])
    #expect(try bench.statistics().outdated == 0)
    let first = try bench.recall()
    #expect(first >= least, "\(first)")
    try bench.delete(stride(from: 0, to: 2_400, by: 7))
    try bench.write(100..<200)
    try bench.write(2_400..<2_600)
    let later = try bench.recall()
    #expect(later >= least, "\(later)")
    let filter = Filter.equal("n", .int(2))
    let hits = try bench.collection.search(near: bench.vector(), limit: 300, where: filter)
    #expect(hits.count == 300)
    #expect(hits.allSatisfy { $0.object.properties["n"] == .int(2) })
    try bench.reopen()
    #expect(try bench.recall() >= least)
    #expect(
      try bench.collection.search(near: bench.vector(), limit: 10_000).count
        == bench.vectors.count)
    #expect(bench.store.verifyFindings == [])
  }

  @Test func segmentsShareTheirCentroids() throws {
    let bench = try Self.bench()
    try bench.write(0..<2_400)
    try bench.store.runBackgroundWork()
    let first = try artifacts(bench)
    #expect(first.count == 1)
    // A segment of its own, in the same lists.
    try bench.write(2_400..<9_000)
    try bench.store.runBackgroundWork()
    #expect(Set(try bench.statistics().segments.map(\.kind)) == ["ivf"])
    #expect(try artifacts(bench) == first)
    try bench.collection.compact(full: true)
    #expect(try artifacts(bench) == first)
    // Other lists: what nobody uses any more goes.
    try bench.collection.reconfigure(index: .ivf(lists: 30))
    try bench.store.runBackgroundWork()
    let other = try artifacts(bench)
    #expect(other.count == 1 && other != first)
    try bench.collection.reconfigure(index: .flat)
    try bench.store.runBackgroundWork()
    #expect(try artifacts(bench).isEmpty)
  }

  @Test(arguments: [false, true]) func aLostArtifactCostsATrainingOnly(_ isDamaged: Bool) throws {
    let bench = try Self.bench()
    try bench.write(0..<2_400)
    try bench.store.runBackgroundWork()
    let first = try artifacts(bench)
    let table = try #require(bench.state).tables.artifacts
    try bench.store.core.writer.perform { (context) throws(StoreError) in
      for key in first.keys {
        try table.remove(key, in: context.transaction)
        if isDamaged { try table.put(key, [1, 2, 3], in: context.transaction) }
      }
    }
    #expect(try bench.recall() >= 0.9)
    try bench.reopen()
    #expect(try bench.recall() >= 0.9)
    try bench.delete(0..<300)
    try bench.collection.compact(full: true)
    #expect(try artifacts(bench).count == 1)
    #expect(try artifacts(bench).values.allSatisfy { $0.count > 100 })
    #expect(try bench.recall() >= 0.9)
  }

  @Test func beamsOfSearchesAreProbes() throws {
    let bench = try Self.bench(index: .ivf(lists: 40))
    try bench.write(0..<3_000)
    try bench.collection.compact(full: true)
    let queries = (0..<10).map { _ in VectorValue.floats(bench.vector()) }
    let distances = try [1, 8, 40].map {
      try bench.collection.meanDistances(near: queries, limit: 10, ef: $0)
    }
    #expect(distances == distances.sorted() && distances[0] < 1_000, "\(distances)")
    let usual = try bench.collection.meanDistances(near: queries, limit: 10, ef: nil)
    #expect(usual == distances[1], "\(usual)")
  }

  @Test func kindsAreConvertedIntoEachOther() throws {
    let bench = try Self.bench(index: .hnsw(m: 8, efConstruction: 60))
    try bench.write(0..<2_400)
    try bench.store.runBackgroundWork()
    for index in [IndexConfiguration.ivf(lists: 20), .hnsw(m: 8), .flat, .ivf()] {
      try bench.collection.reconfigure(index: index)
      #expect(try bench.recall() >= 0.9)
      try bench.store.runBackgroundWork()
      #expect(Set(try bench.statistics().segments.map(\.kind)) == [index.name])
      #expect(try bench.statistics().outdated == 0)
      #expect(try bench.recall() >= 0.9)
    }
    // Only searches obey it: nothing is built.
    let before = try bench.statistics().segments.map(\.id)
    try bench.collection.reconfigure(index: .ivf(probes: 3))
    try bench.store.runBackgroundWork()
    #expect(try bench.statistics().segments.map(\.id) == before)
  }

  @Test(
    arguments: [
      (.ivf(lists: 0), "lists is 0"), (.ivf(lists: 2_000_000), "lists is 2000000"),
      (.ivf(probes: 0), "probes is 0"), (.ivf(trainingLimit: 0), "trainingLimit is 0"),
      (.ivf(seed: .max), "seed"),
    ] as [(IndexConfiguration, String)])
  func wrongValuesAreNamed(_ index: IndexConfiguration, _ text: String) {
    let problems = CollectionConfiguration(index: index).problems
    #expect(problems.count == 1 && problems.contains { $0.contains(text) }, "\(problems)")
  }
}

extension Store {
  /// What a deep verification finds.
  fileprivate var verifyFindings: [String] {
    (try? verify(deep: true).findings.map { "\($0)" }) ?? ["not verified"]
  }
}
