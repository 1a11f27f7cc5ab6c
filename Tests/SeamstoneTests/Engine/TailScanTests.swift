import StoreModel
import TestSupport
import Testing
import VectorMath

@testable import Seamstone

/// The tail's answers by codes are those of an exact scan, whatever the data does to the codes.
@Suite struct TailScanTests {
  private struct Data {
    var vectors: [[Float]]
    let dimensions: Int
    let metric: Metric

    /// A tail of these rows, written in batches as an upsert does.
    func tail(batch: Int) -> TailView {
      var tail = TailView()
      var next: UInt64 = 1
      for start in stride(from: 0, to: vectors.count, by: batch) {
        let rows = vectors[start..<min(start + batch, vectors.count)].map { vector in
          defer { next += 1 }
          return (docID: next, vector: VectorValue.floats(vector))
        }
        tail.append(block: rows, shape: TailShape(dimensions: dimensions, metric: metric))
      }
      return tail
    }
  }

  /// Whether both ways answer the same, bit for bit.
  private func agree(_ tail: TailView, _ metric: Metric, _ query: [Float], _ limit: Int) -> Bool {
    let scan = TailScan(
      tail: tail, metric: metric, query: query, exact: ExactDistance(metric: metric, query: query))
    return scan.search(limit: limit, context: SearchContext()) == scan.exactSearch(limit: limit)
  }

  private static let metrics: [Metric] = [.cosine, .dot, .l2Squared, .manhattan, .hamming]

  @Test(arguments: metrics) func outliersAtTheHeadOfAChunkCostNoAnswer(_ metric: Metric) {
    for seed in 0..<12 as Range<UInt64> {
      var random = SeededGenerator(seed: 400 + seed)
      let dimensions = [1, 3, 17, 48][Int(seed) % 4]
      let outliers = [1, 4, 40][Int(seed / 4) % 3]
      let factors: [Float] = [1e3, 1e4, 1e6]
      let factor = factors[Int.random(in: 0..<3, using: &random)]
      var data = Data(vectors: [], dimensions: dimensions, metric: metric)
      for row in 0..<1_500 {
        var vector = VectorMaker.vector(dimensions, metric: metric, using: &random)
        // Every chunk opens with them.
        if row % TailChunk.capacity < outliers {
          if row.isMultiple(of: 2) {
            vector = vector.map { $0 * factor }
          } else {
            vector[0] *= factor
          }
        }
        data.vectors.append(vector)
      }
      var tail = data.tail(batch: [1_500, 64, 7][Int.random(in: 0..<3, using: &random)])
      for docID in stride(from: UInt64(1), to: 1_500, by: 13) { _ = tail.delete(docID) }
      for number in 0..<8 {
        var query = VectorMaker.vector(dimensions, metric: metric, using: &random)
        if number == 0 { query = data.vectors[0] }
        if number == 1 { query = query.map { $0 * factor } }
        if number == 2 { query = query.map { _ in 0 } }
        if number == 3 { query = data.vectors[700] }
        for limit in [1, 10, 200, 2_000] {
          #expect(
            agree(tail, metric, query, limit),
            "seed \(seed), \(metric), \(dimensions) components, query \(number), limit \(limit)")
        }
      }
    }
  }

  /// Sums that overflow, vanish or cancel, and ties: the bound allows for 32-bit arithmetic.
  @Test(arguments: metrics) func extremesCostNoAnswer(_ metric: Metric) {
    let scales: [Float] = [.leastNormalMagnitude / 128, 1e-25, 1e-12, 1, 1e12, 1e19, 1e38]
    for seed in 0..<21 as Range<UInt64> {
      var random = SeededGenerator(seed: 500 + seed)
      let dimensions = [2, 9, 33][Int(seed) % 3]
      let scale = scales[Int(seed) % scales.count]
      // A small spread around a far point: distances are differences of nearly equal numbers.
      let center = seed >= 14 ? scale : 0
      let spread = seed >= 14 ? scale / 1_000 : scale
      var data = Data(vectors: [], dimensions: dimensions, metric: metric)
      for row in 0..<600 {
        let vector = VectorMaker.vector(dimensions, metric: .l2Squared, using: &random)
          .map { center + max(-1, min(1, $0 / 4)) * spread }
        data.vectors.append(row % 5 == 1 ? data.vectors[row - 1] : vector)
      }
      let tail = data.tail(batch: 100)
      for number in 0..<6 {
        let row = data.vectors[number * 90]
        let query = number < 3 ? row : row.map { $0 * 1.0001 + spread / 100 }
        for limit in [1, 10, 100] {
          #expect(
            agree(tail, metric, query.map { $0.isFinite ? $0 : 0 }, limit),
            "seed \(seed), \(metric), scale \(scale), query \(number), limit \(limit)")
        }
      }
    }
  }

  /// Usual data: the codes leave nearly every row out, and none of the closest.
  @Test(arguments: metrics.dropLast()) func codesLeaveMostRowsOut(_ metric: Metric) throws {
    var random = SeededGenerator(seed: 600)
    var data = Data(vectors: [], dimensions: 48, metric: metric)
    for _ in 0..<1_000 { data.vectors.append((0..<48).map { _ in random.gaussian() }) }
    let part = try #require(data.tail(batch: 1_000).parts.first)
    var kept = 0
    for _ in 0..<20 {
      let query = (0..<48).map { _ in random.gaussian() }
      let exact = ExactDistance(metric: metric, query: query)
      let distances = (part.start..<part.end).map {
        exact.distance(toUnaligned: part.chunk.original(at: $0))
      }
      let tenth = distances.sorted()[9]
      let near = try #require(rows(of: part, within: tenth, of: query, metric))
      kept += near.count
      #expect(distances.indices.allSatisfy { distances[$0] > tenth || near.contains($0) })
    }
    #expect(kept < 20 * 1_000 / 5, "\(kept) of 20,000 rows are compared exactly")
  }

  /// The rows that codes do not prove farther than `distance`.
  private func rows(
    of part: TailView.Part, within distance: Float, of query: [Float], _ metric: Metric
  ) -> Set<Int>? {
    query.withUnsafeBufferPointer { vector in
      guard let vector = vector.baseAddress, let quantizer = part.chunk.quantizer,
        let kernel = DistanceKernels.best.codeBatch(metric)
      else { return nil }
      let prepared = quantizer.prepareQuery(vector)
      var keys = [UInt32](repeating: 0, count: part.end)
      kernel.scan(
        prepared.bytes, part.chunk.codes(from: 0), part.chunk.shape.codeStride, keys.count,
        part.chunk.shape.dimensions, &keys)
      let largest = CodeBound(quantizer, query: vector, prepared: prepared, rows: part.error)
        .largestKey(within: distance)
      return Set(keys.indices.filter { keys[$0] <= largest || part.chunk.isClipped($0) })
    }
  }
}
