import StorageIO
import StoreModel
import TestSupport
import Testing
import VectorIndexes
import VectorMath

@testable import Seamstone

/// What transforms are good for, on the demo's vectors.
@Suite struct TransformQualityTests {
  private static let components = 48
  private static let words = Result { try ConformanceData.read("words", 1_200, components) }

  /// The mean squared distance of vectors from what product quantisation leaves of them.
  private func error(_ rows: [[Float]], subvectors: Int) throws -> Double {
    let dimensions = rows[0].count
    let values = rows.flatMap { $0 }
    let trained = values.withUnsafeBufferPointer { values in
      values.baseAddress.flatMap {
        try? ProductQuantizer.train(
          samples: $0, count: rows.count, stride: dimensions, metric: .l2Squared,
          dimensions: dimensions, subvectors: subvectors, centroids: 16, seed: 1
        ).get()
      }
    }
    let quantizer = try #require(trained)
    var sum = 0.0
    var code = [UInt8](repeating: 0, count: quantizer.rowBytes)
    var query = [UInt8](repeating: 0, count: quantizer.queryBytes + 64)
    for row in rows {
      row.withUnsafeBufferPointer { row in
        code.withUnsafeMutableBytes { code in
          query.withUnsafeMutableBytes { query in
            guard let vector = row.baseAddress, let codes = code.baseAddress,
              let base = query.baseAddress
            else { return }
            let memory = UnsafeMutableRawPointer(
              bitPattern: (Int(bitPattern: base) + 63) / 64 * 64)
            guard let memory else { return }
            quantizer.encode(vector, into: codes)
            quantizer.prepare(query: vector, into: memory)
            var ordinal: UInt32 = 0
            var key: UInt32 = 0
            quantizer.kernel.gather(
              memory, codes, quantizer.rowBytes, &ordinal, 1, quantizer.kernelDimensions, &key)
            sum += Double(quantizer.distance(ofKey: key, query: memory))
          }
        }
      }
    }
    return sum / Double(rows.count)
  }

  @Test func aRotationLosesLessInQuantisation() throws {
    let rows = try Self.words.get()
    let values = rows.flatMap { $0 }
    let trainer = TransformTrainer(
      .opq(subvectors: 12, dimensions: Self.components, seed: 1), metric: .l2Squared,
      inputs: Self.components)
    let trained = values.withUnsafeBufferPointer { values in
      values.baseAddress.flatMap { trainer.train($0, count: rows.count, rows: rows.count) }
    }
    let map = try #require(trained)
    let plain = try error(rows, subvectors: 12)
    let turned = try error(rows.map { map.apply($0) }, subvectors: 12)
    #expect(turned < 0.95 * plain, "\(plain), turned \(turned)")
  }

  private typealias Setting = (
    IndexConfiguration, VectorTransform, VectorEncoding, Double
  )
  private static let settings: [Setting] = [
    (.flat, .pca(dimensions: 24), .int8(), 0.95),
    (.hnsw(m: 8, efConstruction: 40), .pca(dimensions: 24), .int8(), 0.95),
    (.ivf(lists: 16, probes: 8), .pca(dimensions: 24), .float32, 0.9),
    (.flat, .opq(subvectors: 12), .pq(subvectors: 12, centroids: 16), 0.95),
    (
      .ivf(lists: 16, probes: 8), .opq(subvectors: 12, dimensions: 24),
      .pq(subvectors: 12, centroids: 16), 0.9
    ),
  ]
  private static let slowSettings: [Setting] = [
    (
      .hnsw(m: 8, efConstruction: 60), .opq(subvectors: 12),
      .pq(subvectors: 12, centroids: 16), 0.95
    )
  ]

  @Test(arguments: TestSettings.isLong ? settings + slowSettings : settings)
  func recallOnRealVectors(
    _ index: IndexConfiguration, _ transform: VectorTransform, _ encoding: VectorEncoding,
    _ least: Double
  ) throws {
    let rows = try Self.words.get()
    let queries = try ConformanceData.read("queries", 12, Self.components)
    let directory = try TemporaryDirectory()
    let store = try Store.open(
      at: directory.file("q.seam"),
      options: StoreFixture.options(sealRows: 5_000, graphRows: 1_100))
    defer { store.close() }
    let collection = try store.collection(
      "q", .init(metric: .cosine, index: index, encoding: encoding, transform: transform))
    try collection.upsert(
      rows.enumerated().map { VectorObject(id: .int(Int64($0)), vector: $1) })
    try collection.compact(full: true)
    let segment = try #require(try collection.statistics().segments.first)
    #expect(segment.kind == index.name && segment.transform.hasPrefix(transform.name))
    var found = 0
    for query in queries {
      let exact = try collection.searchIDs(near: query, limit: 10, exact: true)
      let hits = try collection.searchIDs(near: query, limit: 10)
      found += hits.filter { $0.distance <= exact[9].distance }.count
    }
    let recall = Double(found) / Double(10 * queries.count)
    #expect(recall >= least, "\(recall)")
  }
}
