import TestSupport
import Testing

@testable import VectorMath

@Suite struct FastScanTests {
  /// The least result of `sum` of a plain walk through the rows.
  private func naiveSums(_ query: FastScanQuery, _ rows: [[UInt8]]) -> [UInt32] {
    rows.map { row in
      row.enumerated().reduce(0) { $0 + UInt32(query.tables[$1.offset * 16 + Int($1.element)]) }
    }
  }

  @Test(
    "Sums are those of the codes' entries on every level",
    arguments: [(1, 1), (3, 31), (4, 32), (5, 33), (8, 64), (130, 70), (300, 40)])
  func sums(subvectors: Int, count: Int) throws {
    let rows = clustered(max(count, 20), dimensions: subvectors, seed: 90)
    let quantizer = try trained(rows, .l2Squared, subvectors: subvectors).get()
    let codes = rows.prefix(count).map(quantizer.encoded)
    let blocks = try #require(
      FastScanBlocks(
        quantizer: quantizer, rows: codes.flatMap { $0 }, stride: subvectors, count: count))
    #expect(blocks.bytes.count == blocks.blocks * FastScanBlocks.blockBytes(subvectors: subvectors))
    for kernels in ProductKernels.levels {
      let query = try #require(
        FastScanQuery(quantizer: quantizer.using(kernels), query: rows[0]))
      let wanted = naiveSums(query, codes)
      var sums = [UInt32](repeating: 7, count: blocks.blocks * 32)
      query.scan(blocks: blocks.bytes, count: blocks.blocks, into: &sums)
      #expect(Array(sums.prefix(count)) == wanted, "\(kernels.name)")
      #expect(blocks.distances(of: query) == wanted.map(query.distance(ofSum:)))
    }
  }

  @Test(
    "Distances are near those of the float table", arguments: ProductQuantizerTests.metrics,
    [2, 7, 16])
  func distances(metric: Metric, centroids: Int) throws {
    let rows = clustered(200, dimensions: 40, seed: 91)
    let quantizer = try trained(rows, metric, subvectors: 20, centroids: centroids).get()
    let codes = rows.flatMap(quantizer.encoded)
    let blocks = try #require(
      FastScanBlocks(quantizer: quantizer, rows: codes, stride: 20, count: rows.count))
    let input = rows[5].map { $0 * 0.9 + 0.1 }
    let query = try #require(FastScanQuery(quantizer: quantizer, query: input))
    let wanted = quantizer.distances(input, rows: codes)
    let found = try #require(blocks.distances(of: query))
    #expect(found.count == rows.count)
    for (distance, exact) in zip(found, wanted) {
      #expect(abs(Double(distance - exact)) <= 10 * query.step + 1e-4 * Double(abs(exact)))
    }
    let spread = (wanted.max() ?? 0) - (wanted.min() ?? 0)
    #expect(10 * query.step < 0.3 * Double(spread))
  }

  @Test func tooManyCentroidsAreRefused() throws {
    let rows = clustered(40, dimensions: 4, seed: 92)
    let quantizer = try trained(rows, .dot, subvectors: 2, centroids: 17).get()
    #expect(FastScanQuery(quantizer: quantizer, query: rows[0]) == nil)
    #expect(FastScanBlocks(quantizer: quantizer, rows: [1, 2], stride: 2, count: 1) == nil)
  }

  @Test func otherQueriesAndDamagedCodesAreHarmless() throws {
    let rows = clustered(40, dimensions: 4, seed: 93)
    let two = try trained(rows, .dot, subvectors: 2, centroids: 3).get()
    let four = try trained(rows, .dot, subvectors: 4, centroids: 3).get()
    let blocks = try #require(
      FastScanBlocks(quantizer: two, rows: [255, 200, 0, 1], stride: 2, count: 2))
    let query = try #require(FastScanQuery(quantizer: two, query: rows[0]))
    let distances = try #require(blocks.distances(of: query))
    #expect(distances[0].isFinite && distances[0] > distances[1])
    #expect(
      blocks.distances(of: try #require(FastScanQuery(quantizer: four, query: rows[0]))) == nil)
    let huge: [Float] = [1e38, -1e38, 3e38, 0]
    let far = try #require(FastScanQuery(quantizer: two, query: huge))
    #expect(try #require(blocks.distances(of: far)).allSatisfy { $0.isFinite })
    let none = FastScanBlocks(quantizer: two, rows: [0], stride: 2, count: 0)
    #expect(none?.distances(of: query) == [])
  }
}
