import StoreModel
import TestSupport
import Testing

@testable import Seamstone

/// One map serves all components of all vectors: where it cannot tell vectors apart, floats are stored instead.
@Suite struct CodeFidelityTests {
  enum Data: String, CaseIterable, CustomTestStringConvertible {
    case farClusters, fewHugeRows, fewLargeRows, oneFarComponent, logNormalNorms, longProducts,
      sparseProducts,
      oneFarDirection
    var testDescription: String { rawValue }

    var metric: Metric {
      switch self {
      case .farClusters, .fewHugeRows, .fewLargeRows, .oneFarComponent, .logNormalNorms: .l2Squared
      case .longProducts, .sparseProducts: .dot
      case .oneFarDirection: .cosine
      }
    }

    var dimensions: Int { self == .farClusters ? 4 : 16 }

    func vector(_ row: Int, _ random: inout SeededGenerator) -> [Float] {
      var vector = (0..<dimensions).map { _ in random.gaussian() }
      switch self {
      case .farClusters: return vector.map { Float(row % 2) * 1e6 + 10 * $0 }
      case .fewHugeRows: return row % 100 == 0 ? vector.map { $0 * 1e6 } : vector
      case .fewLargeRows: return row % 100 == 0 ? vector.map { $0 * 1e3 } : vector
      case .oneFarComponent: vector[3] += 1_000
      case .logNormalNorms, .longProducts:
        var scale: Float = 1
        for _ in 0..<abs(Int(random.gaussian() * 4)) { scale *= 1.4 }
        return vector.map { $0 * scale }
      case .sparseProducts:
        return vector.map { Bool.random(using: &random) ? 0 : $0 * $0 * $0 * $0 * $0 }
      case .oneFarDirection: vector[3] += 100
      }
      return vector
    }
  }

  private func store(
    _ data: Data, _ index: IndexConfiguration, rows: Int, in directory: TemporaryDirectory
  ) throws -> (Store, Collection, [[Float]]) {
    let store = try Store.open(
      at: FilePath(directory.file("store.seam")), options: StoreFixture.graphOptions())
    let collection = try store.collection(
      "things", .init(dimensions: data.dimensions, metric: data.metric, index: index))
    var random = SeededGenerator(seed: 91)
    let vectors = (0..<rows).map { data.vector($0, &random) }
    for start in stride(from: 0, to: rows, by: 500) {
      try collection.upsert(
        (start..<min(start + 500, rows)).map {
          VectorObject(id: .int(Int64($0)), vector: vectors[$0])
        })
      try store.runBackgroundWork(isIdle: false)
    }
    try store.runBackgroundWork()
    return (store, collection, vectors)
  }

  private func recall(_ collection: Collection, _ queries: [[Float]]) throws -> Double {
    var found = 0
    for query in queries {
      let truth = try collection.searchIDs(near: query, limit: 10, exact: true)
      let last = try #require(truth.last).distance
      found += try collection.searchIDs(near: query, limit: 10, ef: 400).count {
        $0.distance <= last
      }
    }
    return Double(found) / Double(10 * queries.count)
  }

  @Test(arguments: Data.allCases, [true, false])
  func vectorsOfVeryDifferentSizesAreFound(_ data: Data, asGraph: Bool) throws {
    let directory = try TemporaryDirectory()
    let (store, collection, vectors) = try store(
      data, asGraph ? .hnsw(m: 16) : .flat, rows: 1_250, in: directory)
    defer { store.close() }
    let queries = stride(from: 0, to: 1_250, by: 40).map { vectors[$0] }
    let recall = try recall(collection, queries)
    #expect(recall >= 0.98, "seed 91")
    let figures = try collection.statistics()
    #expect(figures.outdated == 0 && figures.tail == 0)
    #expect(!asGraph || figures.segments.contains { $0.kind == "hnsw" })
    // Nothing is left to do, and a merge does not begin with codes again.
    if figures.segments.contains(where: { $0.encoding == "float32" }) {
      #expect(store.recentEvents.contains { $0.kind == .publishedUncompressed })
    }
    try store.runBackgroundWork()
    #expect(try collection.statistics().segments == figures.segments)
  }

  @Test func whatCodesCannotTellApartIsStoredAsFloatsAlsoAfterReopening() throws {
    let directory = try TemporaryDirectory()
    let (store, collection, _) = try store(.farClusters, .hnsw(m: 16), rows: 1_250, in: directory)
    let segments = try collection.statistics().segments
    #expect(Set(segments.map(\.encoding)) == ["float32"])
    #expect(store.recentEvents.contains { $0.kind == .publishedUncompressed })
    store.close()
    let reopened = try Store.open(
      at: FilePath(directory.file("store.seam")), options: StoreFixture.graphOptions())
    defer { reopened.close() }
    try reopened.runBackgroundWork()
    #expect(try reopened.collection("things").statistics().segments == segments)
    #expect(try reopened.collection("things").configuration().encoding == .int8())
  }

  @Test(arguments: [Metric.l2Squared, .cosine, .dot])
  func ordinaryVectorsKeepTheirCodes(_ metric: Metric) throws {
    let directory = try TemporaryDirectory()
    let store = try Store.open(
      at: FilePath(directory.file("store.seam")), options: StoreFixture.graphOptions())
    defer { store.close() }
    let collection = try store.collection("things", .init(dimensions: 24, metric: metric))
    var random = SeededGenerator(seed: 92)
    try collection.upsert(
      (0..<1_100).map { row in
        VectorObject(id: .int(Int64(row)), vector: (0..<24).map { _ in random.gaussian() })
      })
    try collection.compact()
    #expect(Set(try collection.statistics().segments.map(\.encoding)) == ["int8"], "seed 92")
    #expect(!store.recentEvents.contains { $0.kind == .publishedUncompressed })
  }
}
