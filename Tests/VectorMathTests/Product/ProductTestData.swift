import Dispatch
import TestSupport
import Testing
import VectorMath

/// Rows around common centres, as real embeddings lie.
func clustered(_ count: Int, dimensions: Int, clusters: Int = 20, seed: UInt64) -> [[Float]] {
  var random = SeededGenerator(seed: seed)
  let centres = (0..<clusters).map { _ in (0..<dimensions).map { _ in random.gaussian() } }
  return (0..<count).map { index in
    centres[index % clusters].map { $0 + 0.3 * random.gaussian() }
  }
}

/// A loop on many threads, in no order.
func concurrentLoop(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  DispatchQueue.concurrentPerform(iterations: count, execute: body)
}

/// Trains a quantiser for the rows.
func trained(
  _ rows: [[Float]], _ metric: Metric, subvectors: Int, centroids: Int = 16,
  encoder: ProductEncoder = .kmeans, seed: UInt64 = 1, parallel: ParallelLoop = sequentialLoop
) -> Result<ProductQuantizer, ProductQuantizerFailure> {
  ProductQuantizer.train(
    samples: rows.flatMap { $0 }, count: rows.count, stride: rows.first?.count ?? 0,
    metric: metric, dimensions: rows.first?.count ?? 0, subvectors: subvectors,
    centroids: centroids, encoder: encoder, seed: seed, parallel: parallel)
}

extension ProductQuantizer {
  /// One row.
  func encoded(_ vector: [Float]) -> [UInt8] {
    var row = [UInt8](repeating: 0xee, count: rowBytes)
    row.withUnsafeMutableBytes { row in row.baseAddress.map { encode(vector, into: $0) } }
    return row
  }

  func decoded(_ row: [UInt8]) -> [Float] {
    var vector = [Float](repeating: .nan, count: dimensions)
    decode(row, into: &vector)
    return vector
  }

  /// Calls `body` with a query as the kernel takes it, in exactly its bytes.
  func withQuery<Value>(_ query: [Float], _ body: (UnsafeRawPointer) throws -> Value) rethrows
    -> Value
  {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: queryBytes, alignment: 64)
    defer { memory.deallocate() }
    prepare(query: query, into: memory)
    return try body(memory)
  }

  /// The keys of rows that lie one after the other.
  func keys(_ query: [Float], rows: [UInt8]) -> [UInt32] {
    var keys = [UInt32](repeating: 0, count: rows.count / rowBytes)
    withQuery(query) { kernel.scan($0, rows, rowBytes, keys.count, kernelDimensions, &keys) }
    return keys
  }

  /// The distances of rows that lie one after the other.
  func distances(_ query: [Float], rows: [UInt8]) -> [Float] {
    let keys = keys(query, rows: rows)
    return withQuery(query) { query in keys.map { distance(ofKey: $0, query: query) } }
  }

  /// What ``bytes`` give back.
  static func restored(_ bytes: [UInt8], _ metric: Metric, _ dimensions: Int) -> ProductQuantizer? {
    bytes.withUnsafeBytes { ProductQuantizer(bytes: $0, metric: metric, dimensions: dimensions) }
  }
}
