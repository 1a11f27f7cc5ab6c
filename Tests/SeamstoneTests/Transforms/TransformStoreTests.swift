import ObjectStorage
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

/// Collections whose segments store what a transform makes of vectors, from the first write to reopening.
@Suite struct TransformStoreTests {
  private static func bench(
    _ transform: VectorTransform = .pca(dimensions: 16), _ encoding: VectorEncoding = .int8(),
    metric: Metric = .l2Squared, index: IndexConfiguration = .hnsw(m: 8, efConstruction: 60)
  ) throws -> EncodedStore {
    try EncodedStore(encoding, metric: metric, index: index, transform: transform)
  }

  private func transforms(_ bench: EncodedStore) throws -> Set<String> {
    Set(try bench.statistics().segments.map(\.transform))
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

  private typealias Setting = (
    VectorTransform, VectorEncoding, Metric, IndexConfiguration, Double
  )
  private static let settings: [Setting] = [
    (.pca(dimensions: 16), .float32, .l2Squared, .flat, 0.95),
    (
      .opq(subvectors: 8, dimensions: 16), .pq(subvectors: 8, centroids: 16), .cosine,
      .ivf(lists: 24, probes: 12), 0.8
    ),
  ]
  /// With graphs, which take a while to build, and more besides.
  private static let slowSettings: [Setting] = [
    (.pca(dimensions: 20), .int8(), .cosine, .hnsw(m: 8, efConstruction: 60), 0.95),
    (
      .opq(subvectors: 8), .pq(subvectors: 8, centroids: 64), .dot,
      .hnsw(m: 8, efConstruction: 60), 0.9
    ),
    (.pca(dimensions: 16), .rabitq(bits: 4), .dot, .ivf(lists: 24, probes: 12), 0.9),
  ]

  @Test(arguments: TestSettings.isLong ? settings + slowSettings : settings)
  func transformedCollectionsAreLikeAnyOther(
    _ transform: VectorTransform, _ encoding: VectorEncoding, _ metric: Metric,
    _ index: IndexConfiguration, _ least: Double
  ) throws {
    let bench = try Self.bench(transform, encoding, metric: metric, index: index)
    try bench.write(0..<2_100)
    try bench.store.runBackgroundWork()
    let full = transform == .opq(subvectors: 8) ? "opq:8:32" : "\(transform)"
    #expect(try transforms(bench) == [full])
    #expect(try bench.statistics().outdated == 0)
    let first = try bench.recall()
    #expect(first >= least, "\(first)")
    // Exact hits of the tail stand beside estimates of what is left of vectors.
    try bench.delete(stride(from: 0, to: 2_100, by: 7))
    try bench.write(100..<200)
    try bench.write(2_100..<2_500)
    let later = try bench.recall()
    #expect(later >= least, "\(later)")
    let filter = Filter.equal("n", .int(2))
    let hits = try bench.collection.search(near: bench.vector(), limit: 300, where: filter)
    #expect(hits.count == 300 && hits.allSatisfy { $0.object.properties["n"] == .int(2) })
    try bench.reopen()
    #expect(try bench.recall() >= least)
    try bench.collection.compact(full: true)
    #expect(try bench.recall() >= least)
    #expect(try bench.statistics().segments.allSatisfy { $0.deleted == 0 })
    #expect(
      try bench.collection.search(near: bench.vector(), limit: 10_000).count
        == bench.vectors.count)
    let report = try bench.store.verify(deep: true)
    #expect(report.findings.isEmpty, "\(report.findings)")
  }

  @Test func segmentsShareTheirTransform() throws {
    let bench = try Self.bench(.opq(subvectors: 8), .int8(), index: .ivf(lists: 24))
    try bench.write(0..<2_000)
    try bench.store.runBackgroundWork()
    let first = try artifacts(bench)
    // The transform, and the centroids of what it makes.
    #expect(first.count == 2)
    try bench.write(2_000..<3_300)
    try bench.store.runBackgroundWork()
    #expect(try artifacts(bench) == first)
    #expect(try transforms(bench) == ["opq:8:32"])
    try bench.collection.compact(full: true)
    #expect(try artifacts(bench) == first)
    try bench.collection.reconfigure(index: .flat, transform: VectorTransform.none)
    try bench.store.runBackgroundWork()
    #expect(try artifacts(bench).isEmpty)
    #expect(try transforms(bench) == ["none"])
  }

  @Test(arguments: [false, true]) func aLostArtifactCostsATrainingOnly(_ isDamaged: Bool) throws {
    let bench = try Self.bench(index: .flat)
    try bench.write(0..<1_500)
    try bench.store.runBackgroundWork()
    let first = try artifacts(bench)
    #expect(first.count == 1)
    let table = try #require(bench.state).tables.artifacts
    try bench.store.core.writer.perform { (context) throws(StoreError) in
      for (key, value) in first {
        try table.remove(key, in: context.transaction)
        var damaged = value
        damaged[damaged.count - 2] ^= 1
        if isDamaged { try table.put(key, damaged, in: context.transaction) }
      }
    }
    #expect(try bench.recall() >= 0.95)
    try bench.reopen()
    #expect(try bench.recall() >= 0.95)
    try bench.delete(0..<300)
    try bench.collection.compact(full: true)
    let second = try artifacts(bench)
    #expect(second.count == 1 && second != first)
    #expect(try bench.recall() >= 0.95)
  }

  @Test func aDamagedTransformIsSetAsideAndMadeAnew() throws {
    let bench = try Self.bench(index: .flat)
    try bench.write(0..<1_300)
    try bench.collection.compact(full: true)
    let view = try #require(bench.state?.segments.first)
    let section = try #require(view.handle?.index.transform?.bytes)
    let needle = Array(section.prefix(64))
    let path = bench.store.core.segmentPath(view.entry.number)
    bench.store.close()
    let file = try #require(fopen(path, "r+b"))
    var bytes = [UInt8](repeating: 0, count: Int(view.entry.length))
    #expect(fread(&bytes, 1, bytes.count, file) == bytes.count)
    let place = try #require(
      stride(from: 0, to: bytes.count - 64, by: 64).first {
        Array(bytes[$0..<$0 + 64]) == needle
      })
    fseek(file, place + 12, SEEK_SET)
    fputc(Int32(bytes[place + 12] ^ 1), file)
    fclose(file)
    try bench.reopen()
    #expect(bench.state?.segments.first?.handle == nil)
    #expect(try bench.recall() >= 0.99)
    try bench.store.runBackgroundWork()
    #expect(try transforms(bench) == ["pca:16"])
    #expect(try bench.recall() >= 0.95)
    #expect(try artifacts(bench).count == 1)
  }

  @Test func transformsAreConvertedIntoEachOther() throws {
    let bench = try Self.bench(.none, index: TestSettings.isLong ? .hnsw(m: 8) : .flat)
    let count = TestSettings.isLong ? 2_400 : 1_300
    try bench.write(0..<count)
    try bench.store.runBackgroundWork()
    let steps: [(VectorTransform, VectorEncoding?, String)] = [
      (.pca(dimensions: 16), nil, "pca:16"), (.pca(dimensions: 20), .float16, "pca:20"),
      (.opq(subvectors: 16), .pq(subvectors: 16, centroids: 64), "opq:16:32"),
      (.none, .int8(), "none"), (.opq(subvectors: 4, dimensions: 16), nil, "opq:4:16"),
    ]
    for (transform, encoding, name) in steps {
      let before = try transforms(bench)
      try bench.collection.reconfigure(encoding: encoding, transform: transform)
      let waiting = try bench.statistics()
      #expect(waiting.outdated == count && waiting.transform == transform)
      #expect(try transforms(bench) == before)
      #expect(try bench.recall(5) >= 0.85)
      try bench.reopen()
      try bench.store.runBackgroundWork()
      #expect(try transforms(bench) == [name])
      #expect(try bench.statistics().outdated == 0)
      let recall = try bench.recall()
      #expect(recall >= 0.93, "\(name): \(recall)")
    }
    // Once more the same: nothing is built.
    let before = try bench.statistics().segments.map(\.id)
    try bench.collection.reconfigure(transform: .opq(subvectors: 4, dimensions: 16))
    try bench.store.runBackgroundWork()
    #expect(try bench.statistics().segments.map(\.id) == before)
  }

  @Test func withoutRescoringDistancesAreEstimates() throws {
    let bench = try Self.bench(.pca(dimensions: 8), .int8(rescoreLimit: 0), index: .flat)
    try bench.write(0..<1_300)
    try bench.collection.compact(full: true)
    let query = bench.vector()
    let exact = try bench.collection.searchIDs(near: query, limit: 400, exact: true)
    let distances = Dictionary(uniqueKeysWithValues: exact.map { ($0.id, $0.distance) })
    let hits = try bench.collection.searchIDs(near: query, limit: 10)
    #expect(hits.count == 10)
    #expect(hits.allSatisfy { $0.distance <= (distances[$0.id] ?? .infinity) * 1.05 + 0.1 })
    #expect(hits.contains { $0.distance < (distances[$0.id] ?? 0) * 0.99 })
  }

  @Test func bulkLoadsTrainOnce() throws {
    let bench = try Self.bench(.pca(dimensions: 16), index: .flat)
    try bench.collection.bulkLoad { try bench.write(0..<1_300) }
    #expect(try transforms(bench) == ["pca:16"])
    #expect(try bench.statistics().outdated == 0)
    #expect(try bench.recall() >= 0.95)
  }
}
