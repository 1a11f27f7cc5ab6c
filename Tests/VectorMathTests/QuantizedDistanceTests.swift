import TestSupport
import Testing
import VectorMath

/// Distances by codes, and by codes and residuals.
@Suite struct QuantizedDistanceTests {
  static let metrics: [Metric] = [.cosine, .dot, .l2Squared, .manhattan]
  static let dimensions = 100
  static let count = 40

  /// Rows of bytes or of normally distributed floats, flat.
  private func rows(whole: Bool, seed: UInt64) -> [[Float]] {
    var random = SeededGenerator(seed: seed)
    return (0..<Self.count).map { _ in
      (0..<Self.dimensions).map { _ in
        whole ? Float(Int.random(in: 0...255, using: &random)) : random.gaussian()
      }
    }
  }

  @Test(
    "Residual distances are close, and exact where rows are", arguments: metrics, [true, false])
  func residualDistances(metric: Metric, whole: Bool) {
    let seed: UInt64 = 21
    let rows = rows(whole: whole, seed: seed)
    let quantizer = calibrate(rows, metric)
    var random = SeededGenerator(seed: seed + 1)
    let query = (0..<Self.dimensions).map { _ in
      whole ? Float.random(in: 0...255, using: &random) : random.gaussian()
    }
    let encoded = rows.map { quantizer.encoded($0) }
    for kernels in DistanceKernels.levels {
      let exact = ExactDistance(metric: metric, query: query, kernels: kernels)
      let scorer = ResidualScorer(quantizer: quantizer, query: query, kernels: kernels)
      for (row, encoded) in zip(rows, encoded) {
        let wanted = exact.distance(toRow: row)
        let distance = scorer.distance(codes: encoded.codes, residuals: encoded.residuals)
        if whole && metric != .cosine {
          #expect(encoded.outcome.exact && distance.bitPattern == wanted.bitPattern)
        } else {
          #expect(abs(distance - wanted) <= 2e-3 * max(1, abs(wanted)), "\(kernels.name), \(seed)")
        }
      }
    }
  }

  @Test func manyRowsScoreAsEachOne() {
    let rows = rows(whole: false, seed: 23)
    let quantizer = calibrate(rows, .cosine)
    let encoded = rows.map { quantizer.encoded($0) }
    let stride = 128
    let padding = [UInt8](repeating: 0, count: stride - Self.dimensions)
    let codes = encoded.flatMap { $0.codes + padding }
    let residuals = encoded.flatMap(\.residuals)
    let scorer = ResidualScorer(quantizer: quantizer, query: rows[3])
    let ordinals: [UInt32] = [3, 39, 0, 3, 17]
    var distances = [Float](repeating: .nan, count: ordinals.count)
    ordinals.withUnsafeBufferPointer {
      scorer.distances(
        codes: codes, codeStride: stride, residuals: residuals, residualStride: Self.dimensions,
        ordinals: $0, into: &distances)
    }
    let wanted = ordinals.map {
      scorer.distance(codes: encoded[Int($0)].codes, residuals: encoded[Int($0)].residuals)
    }
    #expect(distances == wanted)
    #expect(distances[0] < 1e-4)
  }

  @Test("Keys of codes are near the distances", arguments: metrics, [true, false])
  func codeKeys(metric: Metric, whole: Bool) throws {
    let seed: UInt64 = 29
    let rows = rows(whole: whole, seed: seed)
    let quantizer = calibrate(rows, metric)
    let query = rows[7].map { $0 * 0.9 }
    let prepared = quantizer.prepareQuery(query)
    #expect(prepared.bytes.count == 128)
    #expect(prepared.bytes[Self.dimensions...].allSatisfy { $0 == 0 })
    let exact = ExactDistance(metric: metric, query: query)
    let codes = rows.flatMap { quantizer.encoded($0).codes }
    var keys = [UInt32](repeating: 0, count: Self.count)
    let batch = try #require(DistanceKernels.best.codeBatch(metric))
    batch.scan(prepared.bytes, codes, Self.dimensions, Self.count, Self.dimensions, &keys)
    let distances = rows.map { exact.distance(toRow: $0) }
    let spread = (distances.max() ?? 0) - (distances.min() ?? 0)
    for (key, wanted) in zip(keys, distances) {
      let distance = prepared.distance(ofKey: key)
      #expect(abs(distance - wanted) <= 0.1 * spread, "seed \(seed)")
    }
    if metric != .dot { #expect(keys.enumerated().min { $0.1 < $1.1 }?.offset == 7) }
  }

  /// A correction computed from the query's floats instead of its rounded bytes shifts all distances.
  @Test func dotDistancesAreThoseOfTheRoundedOperands() throws {
    let rows = rows(whole: false, seed: 31)
    let quantizer = calibrate(rows, .dot)
    let query = rows[0].map { $0 + 0.37 }
    let prepared = quantizer.prepareQuery(query)
    let unit = Double(query.map(abs).max() ?? 0) / 127
    let encoded = quantizer.encoded(rows[1])
    let middles = quantizer.decoded(encoded, withResiduals: false)
    var wanted = 0.0
    for (byte, middle) in zip(prepared.bytes, middles) {
      wanted -= Double(Int8(bitPattern: byte)) * unit * Double(middle)
    }
    var key: UInt32 = 0
    let batch = try #require(DistanceKernels.best.codeBatch(.dot))
    batch.scan(prepared.bytes, encoded.codes, Self.dimensions, 1, Self.dimensions, &key)
    #expect(abs(Double(prepared.distance(ofKey: key)) - wanted) < 1e-3)
  }

  @Test func hammingHasNoCodes() { #expect(DistanceKernels.best.codeBatch(.hamming) == nil) }

  @Test func queriesOfZeroesAndExtremesArePrepared() {
    for metric in Self.metrics {
      let quantizer = ScalarQuantizer(
        metric: metric, dimensions: 3, map: AffineMap(lowest: -1, step: 1.0 / 64))
      for query: [Float] in [
        [0, 0, 0], [.greatestFiniteMagnitude, -1, 0], [.leastNonzeroMagnitude, 0, 0],
      ] {
        let prepared = quantizer.prepareQuery(query)
        #expect(prepared.distance(ofKey: 0x8000_0000).isFinite)
        let scorer = ResidualScorer(quantizer: quantizer, query: query)
        let row: [UInt8] = [1, 100, 127]
        let distance = scorer.distance(codes: row, residuals: row)
        #expect(distance.isFinite, "\(metric) \(query)")
      }
    }
  }
}
