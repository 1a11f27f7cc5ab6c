import TestSupport
import Testing

@testable import VectorMath

@Suite struct ProductQuantizerBytesTests {
  /// One quantiser of each kind of bytes.
  private func quantizers(_ metric: Metric) throws -> [ProductQuantizer] {
    let rows = clustered(60, dimensions: 6, seed: 70)
    let positive = rows.map { $0.map { abs($0) } }
    return [
      try trained(rows, metric, subvectors: 3, centroids: 10).get(),
      try trained(rows.map { $0.map { $0 * 1e5 + 1e9 } }, metric, subvectors: 2).get(),
      try trained(rows, metric, subvectors: 6, encoder: .tile(.normal)).get(),
      try trained(positive, metric, subvectors: 6, centroids: 32, encoder: .tile(.logNormal)).get(),
    ]
  }

  @Test("Bytes restore the quantiser", arguments: ProductQuantizerTests.metrics)
  func roundTrip(metric: Metric) throws {
    let rows = clustered(40, dimensions: 6, seed: 71)
    for quantizer in try quantizers(metric) {
      let restored = try #require(ProductQuantizer.restored(quantizer.bytes, metric, 6))
      #expect(restored.bytes == quantizer.bytes)
      #expect(restored.encoder == quantizer.encoder)
      #expect(restored.subvectors == quantizer.subvectors)
      #expect(restored.centroids == quantizer.centroids)
      #expect(restored.codebook == quantizer.codebook)
      #expect(restored.tiles == quantizer.tiles)
      #expect(rows.map(restored.encoded) == rows.map(quantizer.encoded))
      let codes = rows.flatMap(quantizer.encoded)
      #expect(restored.keys(rows[0], rows: codes) == quantizer.keys(rows[0], rows: codes))
    }
  }

  @Test func codebooksOfHalvesTakeTwoBytesAComponent() throws {
    let quantizer = try quantizers(.l2Squared)[0]
    #expect(quantizer.isHalfPrecision)
    #expect(quantizer.bytes.count == 16 + 2 * 6 * 10)
    #expect(try quantizers(.l2Squared)[1].bytes.count == 16 + 4 * 6 * 16)
  }

  @Test func otherLengthsMetricsAndDimensionsAreRefused() throws {
    for quantizer in try quantizers(.l2Squared) {
      let bytes = quantizer.bytes
      for count in bytes.indices {
        #expect(ProductQuantizer.restored(Array(bytes.prefix(count)), .l2Squared, 6) == nil)
      }
      #expect(ProductQuantizer.restored(bytes + [0], .l2Squared, 6) == nil)
      #expect(ProductQuantizer.restored(bytes, .dot, 6) == nil)
      #expect(ProductQuantizer.restored(bytes, .l2Squared, 12) == nil)
    }
  }

  @Test func whatIsNotANumberIsRefused() throws {
    for (quantizer, size) in zip(try quantizers(.l2Squared), [2, 4, 8, 8]) {
      for place in stride(from: 16, to: 16 + 5 * size, by: size) {
        var bytes = quantizer.bytes
        for index in place..<place + size { bytes[index] = 0xff }
        #expect(ProductQuantizer.restored(bytes, .l2Squared, 6) == nil)
      }
    }
  }

  /// Means that do not follow from the sums cannot have been written.
  @Test func tilesHaveToBeConsistent() throws {
    let bytes = try quantizers(.l2Squared)[2].bytes
    for word in 0..<5 {
      for bit in 0..<64 {
        var damaged = bytes
        damaged[16 + word * 8 + bit / 8] ^= 1 << UInt8(bit % 8)
        // A last bit of the sums may be lost to rounding.
        if bit > 8 { #expect(ProductQuantizer.restored(damaged, .l2Squared, 6) == nil) }
      }
    }
  }

  @Test func damagedBytesAreRefusedOrHarmless() throws {
    let seed: UInt64 = 72
    var random = SeededGenerator(seed: seed)
    let query: [Float] = [1, -2, 3e30, 0, 0.5, 9]
    for original in try quantizers(.l2Squared) {
      for _ in 0..<400 {
        var bytes = original.bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let place = Int.random(in: bytes.indices, using: &random)
          bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        }
        guard let quantizer = ProductQuantizer.restored(bytes, .l2Squared, 6) else { continue }
        #expect(quantizer.bytes == bytes, "seed \(seed)")
        let rows = (0..<quantizer.rowBytes * 5).map { _ in UInt8(truncatingIfNeeded: random.next())
        }
        let distances = quantizer.distances(query, rows: rows + quantizer.encoded(query))
        #expect(distances.allSatisfy { $0.isFinite }, "seed \(seed)")
      }
      for count in [0, 1, 15, 16, 17, 200] {
        let noise = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        #expect(ProductQuantizer.restored(noise, .l2Squared, 6) == nil)
      }
    }
  }
}
