import StorageIO
import StoreModel
import TestSupport
import Testing
import VectorIndexes

@testable import Seamstone

/// Collections of every encoding, from the first write to reopening.
@Suite struct EncodedSearchTests {
  struct Setting: CustomTestStringConvertible, Sendable {
    let encoding: VectorEncoding
    let metric: Metric
    let isFlat: Bool
    let name: String
    let recall: Double
    var testDescription: String { "\(encoding) \(metric)\(isFlat ? " flat" : "")" }
  }

  static let settings: [Setting] = {
    let encodings: [(VectorEncoding, String, Double)] = [
      (.float32, "float32", 0.98), (.float16, "float16", 0.98), (.int8(), "int8", 0.98),
      (.int4(), "int4", 0.85), (.pq(centroids: 64), "pq(16x64)", 0.97),
      (.pq(centroids: 16, encoder: .tile(.normal)), "pq(32x16, tile normal)", 0.96),
      (.binary(rescoreLimit: 400), "binary", 0.7), (.rabitq(), "rabitq(8)", 0.98),
      (.rabitq(bits: 4), "rabitq(4)", 0.98), (.rabitq(bits: 1), "rabitq(1)", 0.95),
    ]
    var settings: [Setting] = []
    for (place, (encoding, name, recall)) in encodings.enumerated() {
      for (order, metric) in [Metric.l2Squared, .cosine, .dot, .manhattan].enumerated() {
        let configuration = CollectionConfiguration(metric: metric, encoding: encoding)
        guard configuration.problems.isEmpty else { continue }
        // Every metric and every encoding, each with some of the other: all pairs in the long run.
        var kinds = TestSettings.isLong || place % 3 == order % 3 ? [false] : []
        if metric == .l2Squared, TestSettings.isLong || place % 2 == 0 { kinds.append(true) }
        settings += kinds.map { isFlat in
          Setting(
            encoding: encoding, metric: metric, isFlat: isFlat, name: name,
            recall: metric == .dot ? recall - 0.05 : recall)
        }
      }
    }
    return settings
  }()

  @Test(arguments: settings)
  func findsWhatIsNear(_ setting: Setting) throws {
    let bench = try EncodedStore(
      setting.encoding, metric: setting.metric,
      index: setting.isFlat ? .flat : .hnsw(m: 8, efConstruction: 60))
    try bench.write(0..<2_400)
    try bench.store.runBackgroundWork()
    #expect(try bench.encodings() == [setting.name])
    let kinds = Set(try bench.statistics().segments.map(\.kind))
    #expect(kinds == [setting.isFlat ? "flat" : "hnsw"])
    #expect(try bench.statistics().outdated == 0)
    let recall = try bench.recall()
    #expect(recall >= setting.recall, "\(recall)")
    // Deleted, replaced and new ones; the tail.
    try bench.delete(stride(from: 0, to: 2_400, by: 11))
    try bench.write(100..<200)
    try bench.write(2_400..<2_600)
    let later = try bench.recall()
    #expect(later >= setting.recall, "\(later)")
    for n in 0..<2 {
      let filter = Filter.equal("n", .int(Int64(n)))
      let hits = try bench.collection.search(near: bench.vector(), limit: 30, where: filter)
      #expect(hits.count == 30)
      #expect(hits.allSatisfy { $0.object.properties["n"] == .int(Int64(n)) })
    }
    try bench.reopen()
    let reopened = try bench.recall()
    #expect(reopened >= setting.recall, "\(reopened)")
    #expect(try bench.collection.configuration().encoding == setting.encoding)
  }

  @Test func smallSegmentsWaitForTheirCodebook() throws {
    let bench = try EncodedStore(.pq(centroids: 16), options: StoreFixture.options(sealRows: 300))
    try bench.write(0..<600)
    try bench.store.runBackgroundWork()
    #expect(try bench.encodings() == ["int8"])
    #expect(try bench.statistics().outdated == 0)
    #expect(try bench.statistics().status == "READY")
    try bench.write(600..<1_200)
    try bench.collection.compact(full: true)
    #expect(try bench.encodings() == ["pq(16x16)"])
    #expect(try bench.recall() >= 0.9)
  }

  @Test func bulkImportsTrainOnce() throws {
    let bench = try EncodedStore(.pq(centroids: 16))
    try bench.collection.bulkLoad {
      for start in stride(from: 0, to: 12_000, by: 1_000) { try bench.write(start..<start + 1_000) }
      #expect(try bench.encodings().isSubset(of: ["int8"]))
    }
    #expect(try bench.encodings() == ["pq(16x16)"])
    #expect(try bench.statistics().segments.count == 1)
  }

  @Test(
    arguments: [
      .int8(rescoreLimit: 0), .int4(rescoreLimit: 0), .binary(rescoreLimit: 0),
      .rabitq(bits: 8, rescoreLimit: 0), .rabitq(bits: 1, rescoreLimit: 0),
    ] as [VectorEncoding])
  func withoutRescoringDistancesAreThoseOfTheCodes(_ encoding: VectorEncoding) throws {
    let bench = try EncodedStore(encoding)
    try bench.write(0..<2_400)
    try bench.store.runBackgroundWork()
    _ = try bench.recall(isExact: false)
    let query = bench.vector()
    let rough = try bench.collection.search(near: query, limit: 10)
    let exact = try bench.collection.search(near: query, limit: 2_400, exact: true)
    let distances = Dictionary(uniqueKeysWithValues: exact.map { ($0.id, $0.distance) })
    #expect(rough.contains { distances[$0.id] != $0.distance })
    // With it the same collection answers exactly, at once.
    let numbers = try bench.statistics().segments.map(\.id)
    let rescored: VectorEncoding =
      switch encoding {
      case .int8: .int8()
      case .int4: .int4()
      case .binary: .binary()
      case .rabitq(let rotated): .rabitq(bits: rotated.bits)
      default: encoding
      }
    try bench.collection.reconfigure(encoding: rescored)
    #expect(try bench.statistics().outdated == 0)
    try bench.store.runBackgroundWork()
    #expect(try bench.statistics().segments.map(\.id) == numbers)
    let hits = try bench.collection.search(near: query, limit: 10)
    #expect(hits.allSatisfy { distances[$0.id] == $0.distance })
  }

  /// More candidates, better answers; and never fewer results than were asked for.
  @Test func theRescoreLimitIsObeyed() throws {
    let bench = try EncodedStore(.binary(rescoreLimit: 20))
    try bench.write(0..<2_400)
    try bench.store.runBackgroundWork()
    let few = try bench.recall(40)
    try bench.collection.reconfigure(encoding: .binary(rescoreLimit: 600))
    let many = try bench.recall(40)
    #expect(many > few + 0.1, "\(few) \(many)")
    // More results than the limit: all that were found are compared.
    try bench.collection.reconfigure(encoding: .binary(rescoreLimit: 5))
    let hits = try bench.collection.search(near: bench.vector(), limit: 300)
    #expect(hits.count == 300)
    #expect(zip(hits, hits.dropFirst()).allSatisfy { $0.distance <= $1.distance })
  }

  @Test func candidatesAreCountedAsDocumented() {
    typealias Rule = VectorEncoding.Rescoring
    let rules: [(VectorEncoding, Rule)] = [
      (.float32, .margin(atLeast: 0)), (.float16, .margin(atLeast: 0)),
      (.int8(), .margin(atLeast: 0)), (.int8(rescoreLimit: 5), .margin(atLeast: 0)),
      (.int8(rescoreLimit: 100), .margin(atLeast: 100)), (.int8(rescoreLimit: 0), .off),
      (.int4(), .best(20)), (.int4(rescoreLimit: 0), .off), (.pq(), .all), (.binary(), .all),
      (.binary(rescoreLimit: 0), .off), (.binary(rescoreLimit: 7), .best(7)),
      (.rabitq(), .best(20)), (.rabitq(bits: 4), .best(50)), (.rabitq(bits: 1), .best(512)),
      (.rabitq(bits: 1, rescoreLimit: 9), .best(9)), (.rabitq(rescoreLimit: 0), .off),
    ]
    for (encoding, rule) in rules { #expect(encoding.rescoring == rule, "\(encoding)") }
  }

  /// How many candidates segments propose, and how wide their walks are.
  @Test func segmentsAreSearchedAsConfigured() throws {
    let bench = try EncodedStore(.rabitq(bits: 1))
    try bench.write(0..<2_400)
    try bench.store.runBackgroundWork()
    let rotated = try #require(bench.state?.segments.first?.handle?.index)
    try bench.collection.reconfigure(encoding: .pq(centroids: 16))
    try bench.store.runBackgroundWork()
    let product = try #require(bench.state?.segments.first?.handle?.index)
    func share(
      _ index: SegmentIndex, _ encoding: VectorEncoding, _ kind: IndexConfiguration = .hnsw(),
      limit: Int = 10, ef: Int? = nil
    ) -> [Int] {
      let configuration = CollectionConfiguration(index: kind, encoding: encoding)
      let share = Rescoring(configuration, limit: limit, requested: ef).share(of: index)
      return [share.depth, share.least, share.beam]
    }
    let one = VectorEncoding.rabitq(bits: 1)
    #expect(share(rotated, one) == [512, 14, 512])
    #expect(share(rotated, one, ef: 64) == [64, 14, 64])
    #expect(share(rotated, one, ef: 10) == [14, 14, 10])
    #expect(share(rotated, one, .hnsw(ef: .fixed(80))) == [80, 14, 80])
    #expect(share(rotated, one, limit: 600) == [600, 600, 600])
    #expect(share(rotated, .rabitq(bits: 1, rescoreLimit: 0)) == [10, 10, 100])
    #expect(share(rotated, .rabitq(bits: 1, rescoreLimit: 5)) == [100, 14, 100])
    #expect(share(rotated, one, .flat) == [512, 14, 512])
    // Waiting for its conversion.
    #expect(share(rotated, .int8()) == [512, 14, 512])
    #expect(share(rotated, .int8(rescoreLimit: 0), .flat) == [512, 14, 512])
    let pq = VectorEncoding.pq(centroids: 16)
    #expect(share(product, pq) == [100, 14, 100])
    #expect(share(product, pq, ef: 33) == [33, 14, 33])
    #expect(share(product, pq, .flat) == [100, 14, 100])
    #expect(share(product, .int8()) == [100, 14, 100])
    #expect(share(product, .int8(), .flat) == [100, 14, 100])
  }
}
