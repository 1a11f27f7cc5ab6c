import TestSupport
import VectorMath

/// Rows of one encoding in one block, and what a query finds there.
struct CodeRows {
  let encoding: any RowEncoding
  /// Distance of neighbouring rows; odd on request, so that rows start anywhere.
  let stride: Int
  private(set) var bytes: [UInt8]
  let count: Int

  init(_ encoding: any RowEncoding, _ vectors: [[Float]], padding: Int = 0) {
    self.encoding = encoding
    count = vectors.count
    stride = encoding.rowBytes + padding
    bytes = [UInt8](repeating: 0, count: max(1, stride * vectors.count))
    let stride = stride
    bytes.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      for (index, vector) in vectors.enumerated() {
        encoding.encode(vector, into: base + index * stride)
      }
    }
  }

  /// Replaces one byte, as damage would.
  mutating func flip(_ index: Int, _ mask: UInt8) { bytes[index] ^= mask }

  /// The keys of all rows by the scanning kernel.
  func keys(_ query: [Float]) -> [UInt32] {
    var keys = [UInt32](repeating: 0, count: count)
    withQuery(query) { prepared in
      bytes.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        encoding.kernel.scan(prepared, base, stride, count, encoding.kernelDimensions, &keys)
      }
    }
    return keys
  }

  /// The keys of some rows by the gathering kernel.
  func keys(_ query: [Float], ordinals: [UInt32]) -> [UInt32] {
    var keys = [UInt32](repeating: 0, count: ordinals.count)
    withQuery(query) { prepared in
      bytes.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        encoding.kernel.gather(
          prepared, base, stride, ordinals, ordinals.count, encoding.kernelDimensions, &keys)
      }
    }
    return keys
  }

  /// The estimated distances of all rows.
  func distances(_ query: [Float]) -> [Float] {
    let keys = keys(query)
    return withQuery(query) { prepared in
      keys.map { encoding.distance(ofKey: $0, query: prepared) }
    }
  }

  /// Calls `body` with the query as the encoding prepares it, on a cache line.
  func withQuery<Result>(_ query: [Float], _ body: (UnsafeRawPointer) -> Result) -> Result {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(64, encoding.queryBytes), alignment: 64)
    defer { memory.deallocate() }
    encoding.prepare(query: query, into: memory)
    return body(memory)
  }

  /// The ordinals with the smallest keys, nearest first.
  func nearest(_ query: [Float], _ limit: Int) -> [Int] {
    let keys = keys(query)
    return keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.prefix(limit).map { $0 }
  }

  /// The share of the `k` nearest by exact distance that are among the best `limit` by key.
  static func recall(
    _ encoding: any RowEncoding, _ vectors: [[Float]], queries: [[Float]], k: Int, limit: Int
  ) -> Double {
    let rows = CodeRows(encoding, vectors)
    var found = 0
    for query in queries {
      let exact = ExactDistance(metric: encoding.metric, query: query)
      let distances = vectors.map { exact.distance(to: $0) }
      let bound = distances.sorted()[k - 1]
      let candidates = rows.nearest(query, limit)
      found += min(k, candidates.count { distances[$0] <= bound })
    }
    return Double(found) / Double(k * queries.count)
  }
}

/// Made-up data.
enum CodeData {
  /// Clusters of different spread around random centres, off the origin.
  static func clustered(
    _ count: Int, dimensions: Int, seed: UInt64, offset: Float = 0.5
  ) -> [[Float]] {
    var random = SeededGenerator(seed: seed)
    let centers = (0..<20).map { _ in
      (0..<dimensions).map { _ in random.gaussian() + offset }
    }
    return (0..<count).map { _ in
      let center = centers[Int.random(in: 0..<20, using: &random)]
      let spread = Float.random(in: 0.4...0.9, using: &random)
      return center.map { $0 + random.gaussian() * spread }
    }
  }
  static func unit(_ dimensions: Int, _ random: inout SeededGenerator) -> [Float] {
    let vector = (0..<dimensions).map { _ in random.gaussian() }
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return vector.map { $0 / length }
  }
  /// What 4-bit codes a sample gets; of even vectors ones with finer halves.
  static func tiered(
    _ vectors: [[Float]], _ metric: Metric, kernels: CodeKernels = .best
  ) -> NibbleQuantizer? {
    var trainer = NibbleTrainer(
      metric: metric, dimensions: vectors[0].count, expected: vectors.count)
    for vector in vectors { trainer.add(vector) }
    return trainer.quantizer(kernels: kernels)
  }
  /// The mean of vectors as an encoding's centre.
  static func center(_ vectors: [[Float]], _ metric: Metric) -> [Float]? {
    var trainer = CenterTrainer(metric: metric, dimensions: vectors[0].count)
    for vector in vectors { trainer.add(vector) }
    return trainer.center
  }
}
