import TestSupport
import Testing

@testable import VectorMath

@Suite struct TileEncoderTests {
  /// Sums of a sample with this mean and deviation.
  private func tile(
    _ distribution: TileDistribution = .normal, bins: Int = 16, mean: Double = 0,
    deviation: Double = 1
  ) -> TileEncoder {
    TileEncoder(
      distribution: distribution, bins: bins, count: 100, sum: 100 * mean,
      sumOfSquares: 100 * (deviation * deviation + mean * mean))
  }

  @Test func standardNormalInFourBits() {
    let tile = tile()
    #expect(tile.mean == 0 && tile.deviation == 1)
    #expect(abs(tile.centroids[0] - -1.534) < 5e-4)
    #expect(abs(tile.centroids[8] - 0.0784) < 5e-5)
    #expect(abs(tile.centroids[15] - 1.863) < 5e-4)
    #expect(tile.code(0.1) == 8)
    #expect(tile.code(-0.1) == 7)
  }

  @Test("The ends of the range have the first and the last code", arguments: [2, 16, 256])
  func ends(bins: Int) {
    let tile = tile(bins: bins)
    for value: Float in [7, 100, 1e30, .greatestFiniteMagnitude] {
      #expect(tile.code(value) == UInt8(bins - 1))
      #expect(tile.code(-value) == 0)
    }
  }

  @Test func codesGrowWithTheValuesAndFillAllBins() {
    let tile = tile(bins: 256, mean: 3, deviation: 0.5)
    let codes = (0...6000).map { tile.code(Float($0) / 1000) }
    #expect(zip(codes, codes.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(Set(codes).count == 256)
    for code in 1..<256 { #expect(tile.code(tile.centroids[code]) == UInt8(code)) }
  }

  @Test func logarithmsOfValuesAboveZero() {
    let tile = tile(.logNormal, mean: 1, deviation: 0.5)
    #expect(tile.code(0) == 0 && tile.code(-5) == 0)
    #expect(tile.code(2.72) == 8 && tile.code(2.71) == 7)
    // Middles of bins: e to the power of 1 + 0.5 times those of the standard normal.
    #expect(abs(tile.centroids[8] - 2.827) < 1e-3)
    #expect(abs(tile.centroids[15] - 6.900) < 2e-3)
    let wide = self.tile(.logNormal, mean: 80, deviation: 20)
    #expect(wide.centroids.allSatisfy { $0.isFinite })
  }

  @Test func constantsHaveOneCode() {
    for constant: Float in [0, 0.1, -7, 123_456.7] {
      var sum = 0.0
      var squares = 0.0
      for _ in 0..<1000 {
        sum += Double(constant)
        squares += Double(constant) * Double(constant)
      }
      let tile = TileEncoder(
        distribution: .normal, bins: 16, count: 1000, sum: sum, sumOfSquares: squares)
      #expect(tile.deviation == 0)
      #expect(tile.code(constant) == 0 && tile.code(constant + 1) == 0)
      #expect(tile.centroids.allSatisfy { abs($0 - constant) <= 1e-6 * abs(constant) })
    }
  }

  @Test func trainingMeasuresEachComponent() throws {
    let seed: UInt64 = 80
    var random = SeededGenerator(seed: seed)
    let rows: [[Float]] = (0..<2000).map { _ in
      [random.gaussian(), 5 + 2 * random.gaussian(), 1]
    }
    let quantizer = try trained(
      rows, .l2Squared, subvectors: 3, centroids: 256, encoder: .tile(.normal),
      parallel: concurrentLoop
    ).get()
    #expect(abs(quantizer.tiles[1].mean - 5) < 0.2 && abs(quantizer.tiles[1].deviation - 2) < 0.2)
    #expect(quantizer.tiles[2].deviation == 0)
    #expect(quantizer.tiles.allSatisfy { $0.count == 2000 })
    for row in rows.prefix(200) {
      let decoded = quantizer.decoded(quantizer.encoded(row))
      #expect(abs(decoded[0] - row[0]) < 1.2 && abs(decoded[1] - row[1]) < 2.4, "seed \(seed)")
      if abs(row[0]) < 1.5 { #expect(abs(decoded[0] - row[0]) < 0.04, "seed \(seed)") }
      #expect(abs(decoded[2] - 1) < 1e-6)
    }
  }

  @Test func quantilesInvertTheDistribution() {
    for step in 1..<2000 {
      let p = Double(step) / 2000
      let error = NormalDistribution.cumulative(NormalDistribution.quantile(p)) - p
      #expect(abs(error) < 1e-14)
    }
    #expect(abs(NormalDistribution.quantile(0.975) - 1.959_963_984_540_054) < 1e-14)
    #expect(abs(NormalDistribution.quantile(1e-10) - -6.361_340_902_404_056) < 1e-12)
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
  }
}
