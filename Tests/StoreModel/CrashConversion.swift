import Seamstone

/// The configurations that the collections of a crash run are converted to, round and round. Number 0 is the one
/// they are made with.
package enum CrashConversion {
  private static let steps: [(index: IndexConfiguration, encoding: VectorEncoding)] = [
    (.hnsw(m: 8), .int8()),
    (.hnsw(m: 8), .pq(subvectors: 6, centroids: 16)),
    (.hnsw(m: 8), .float32),
    (.hnsw(m: 6, efConstruction: 60), .float32),
    (.flat, .int8()),
    (.flat, .pq(subvectors: 4, centroids: 64)),
    (.hnsw(m: 8), .rabitq(bits: 4)),
    (.hnsw(m: 8), .pq(subvectors: 12, centroids: 16)),
  ]

  /// Asks for conversion `number` of a collection.
  package static func begin(_ number: UInt64, of collection: Collection) throws(StoreError) {
    let step = steps[Int(number % UInt64(steps.count))]
    try collection.reconfigure(index: step.index, encoding: step.encoding)
  }

  /// Whether a collection is configured as conversion `number` asked for.
  package static func isConfigured(
    _ collection: Collection, as number: UInt64
  ) throws(StoreError) -> Bool {
    let step = steps[Int(number % UInt64(steps.count))]
    let configuration = try collection.configuration()
    return configuration.index == step.index && configuration.encoding == step.encoding
  }
}
