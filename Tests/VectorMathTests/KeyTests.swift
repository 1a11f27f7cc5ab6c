import TestSupport
import Testing
import VectorMath

/// Keys and the small deterministic generator.
@Suite struct KeyTests {
  @Test func keysSortAsFloatsDo() {
    let floats: [Float] = [
      -.infinity, -.greatestFiniteMagnitude, -1.5, -1, -.leastNonzeroMagnitude, -0.0, 0,
      .leastNonzeroMagnitude, 1, 1.5, .greatestFiniteMagnitude, .infinity,
    ]
    let keys = floats.map(DistanceKey.key(of:))
    #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(floats, keys).allSatisfy { $0.bitPattern == DistanceKey.float(of: $1).bitPattern })
    #expect(DistanceKey.key(of: .nan) == .max)
    #expect(DistanceKey.key(of: -Float.nan) == .max)
    #expect(DistanceKey.float(of: .max).isNaN)
  }

  @Test("Float batches order rows as their distances do", arguments: Metric.allCases)
  func floatBatches(metric: Metric) {
    var random = SeededGenerator(seed: 11)
    let count = 9
    let dimensions = 37
    var rows = (0..<count * dimensions).map { _ in random.gaussian() }
    rows[40] = 0
    let query = (0..<dimensions).map { _ in random.gaussian() }
    if metric == .cosine { normalizeRows(&rows, dimensions) }
    let exact = ExactDistance(metric: metric, query: query)
    var keys = [UInt32](repeating: 0, count: count)
    DistanceKernels.best.floatBatch(metric).scan(
      exact.query, rows, dimensions * 4, count, dimensions, &keys)
    for row in 0..<count {
      let wanted = exact.distance(toRow: Array(rows[row * dimensions..<(row + 1) * dimensions]))
      let distance = DistanceKernels.distance(ofFloatKey: keys[row], metric: metric)
      #expect(abs(distance - wanted) <= 1e-5 * max(1, abs(wanted)))
    }
  }

  private func normalizeRows(_ rows: inout [Float], _ dimensions: Int) {
    rows.withUnsafeMutableBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      for start in stride(from: 0, to: rows.count, by: dimensions) {
        Normalization.normalize(base + start, count: dimensions)
      }
    }
  }

  /// The first numbers of the published SplitMix64 for seed 0.
  @Test func theGeneratorIsSplitMix64() {
    var random = SeededRandom(seed: 0)
    let numbers = (0..<3).map { _ in random.next() }
    #expect(numbers == [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F])
    #expect(SeededRandom.mix(0) == 0xE220_A839_7B1D_CDAF)
    #expect(SeededRandom.mix(1, 2) != SeededRandom.mix(2, 1))
  }

  @Test func boundedNumbersStayInBounds() {
    var random = SeededRandom(seed: 3)
    var seen = Set<Int>()
    for _ in 0..<200 { seen.insert(random.below(7)) }
    #expect(seen == Set(0..<7))
    #expect(random.below(0) == 0)
    #expect(random.below(-5) == 0)
  }
}
