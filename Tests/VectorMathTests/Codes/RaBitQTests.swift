import TestSupport
import Testing
import VectorMath

/// Rotated codes: estimates, bounds, recall.
@Suite struct RaBitQTests {
  static let metrics: [Metric] = [.cosine, .dot, .l2Squared]
  static let kinds: [(bits: Int, metric: Metric)] = [8, 4, 1].flatMap { bits in
    metrics.map { (bits, $0) }
  }

  /// The bounds of the Weaviate tests: 1.5 · 2⁻⁸ · 5.75 / √d and 2.3 / √d on unit vectors.
  @Test("Estimates of unit vectors lie within their bound", arguments: kinds)
  func estimatesLieWithinTheirBound(bits: Int, metric: Metric) throws {
    let seed: UInt64 = 21
    var random = SeededGenerator(seed: seed)
    for dimensions in [64, 200, 384] {
      let encoding = try #require(
        RaBitQEncoding(metric: metric, dimensions: dimensions, bits: bits, seed: 3))
      let vectors = (0..<200).map { _ in CodeData.unit(dimensions, &random) }
      let rows = CodeRows(encoding, vectors)
      let root = Float(dimensions).squareRoot()
      let level: Float = metric == .l2Squared ? 2 : 1
      let bound =
        switch bits {
        case 8: level * 1.5 / 256 * 5.75 / root
        case 4: level * 1.5 / 16 * 5.75 / root
        default: level * 2.3 / root
        }
      var total: Float = 0
      var within = 0
      for number in 0..<5 {
        // Related to some rows, so that true distances differ.
        let query = zip(CodeData.unit(dimensions, &random), vectors[number]).map { $0 + $1 }
        let length = query.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let unit = query.map { $0 / length }
        let exact = ExactDistance(metric: metric, query: unit)
        for (estimate, vector) in zip(rows.distances(unit), vectors) {
          let error = estimate - exact.distance(to: vector)
          total += error
          within += abs(error) < bound ? 1 : 0
        }
      }
      #expect(within >= 990, "seed \(seed), \(dimensions) dimensions: \(within) of 1000")
      // Without bias: the mean of many errors is far smaller than one.
      #expect(abs(total / 1000) < bound / 10, "seed \(seed): mean error \(total / 1000)")
    }
  }

  @Test("The lower bound of single bits holds", arguments: metrics)
  func lowerBoundHolds(metric: Metric) throws {
    let vectors = CodeData.clustered(500, dimensions: 120, seed: 31)
    let encoding = try #require(
      RaBitQEncoding(
        metric: metric, dimensions: 120, bits: 1, seed: 1,
        center: CodeData.center(vectors, metric)))
    let rows = CodeRows(encoding, vectors)
    var above = 0
    var useful = 0
    for query in CodeData.clustered(10, dimensions: 120, seed: 32) {
      let exact = ExactDistance(metric: metric, query: query)
      let keys = rows.keys(query)
      rows.withQuery(query) { prepared in
        rows.bytes.withUnsafeBytes { bytes in
          guard let base = bytes.baseAddress else { return }
          for (index, vector) in vectors.enumerated() {
            let row = base + index * rows.stride
            let lower = encoding.lowerBound(ofKey: keys[index], row: row, query: prepared)
            let distance = exact.distance(to: vector)
            above += distance >= lower ? 1 : 0
            let error = abs(distance - encoding.distance(ofKey: keys[index], query: prepared))
            useful += error * 8 >= encoding.errorBound(row: row, query: prepared) ? 1 : 0
          }
        }
      }
    }
    #expect(above >= 4750, "\(above) of 5000 above the bound")
    #expect(useful >= 3000, "the bound is no larger than it must be: \(useful) of 5000")
  }

  /// Of 3,000 vectors in clusters; the share of the ten nearest among the candidates.
  @Test("Few candidates hold the nearest", arguments: [8, 4, 1])
  func recallIsHigh(bits: Int) throws {
    let target: (limit: Int, recall: Double) =
      bits == 8 ? (20, 0.99) : bits == 4 ? (30, 0.98) : (200, 0.95)
    let all = CodeData.clustered(3010, dimensions: 96, seed: 41)
    let vectors = Array(all.dropLast(10))
    for metric in Self.metrics {
      let encoding = try #require(
        RaBitQEncoding(
          metric: metric, dimensions: 96, bits: bits, seed: 5,
          center: CodeData.center(vectors, metric)))
      let recall = CodeRows.recall(
        encoding, vectors, queries: Array(all.suffix(10)), k: 10, limit: target.limit)
      #expect(recall >= target.recall, "\(metric): \(recall)")
    }
  }

  @Test func rowsAreAsSmallAsPromised() throws {
    for (bits, codes) in [(8, 448), (4, 224), (1, 56)] {
      let encoding = try #require(
        RaBitQEncoding(metric: .cosine, dimensions: 385, bits: bits, seed: 0))
      #expect(encoding.rowBytes <= codes + 16)
      #expect(encoding.rowBytes == codes + (bits == 1 ? 12 : 8))
    }
  }

  @Test func whatCannotBeIsRefused() {
    #expect(RaBitQEncoding(metric: .manhattan, dimensions: 8, bits: 8, seed: 0) == nil)
    #expect(RaBitQEncoding(metric: .hamming, dimensions: 8, bits: 8, seed: 0) == nil)
    #expect(RaBitQEncoding(metric: .dot, dimensions: 8, bits: 2, seed: 0) == nil)
    #expect(RaBitQEncoding(metric: .dot, dimensions: 0, bits: 1, seed: 0) == nil)
    #expect(RaBitQEncoding(metric: .dot, dimensions: 2, bits: 1, seed: 0, center: [1]) == nil)
    #expect(
      RaBitQEncoding(metric: .dot, dimensions: 1, bits: 1, seed: 0, center: [.infinity]) == nil)
  }
}
