import TestSupport
import Testing
import VectorMath

/// The distances that searches return.
@Suite struct MetricTests {
  /// Worked by hand from the formulas in the documentation of `Metric`.
  static let worked: [(Metric, [Float], [Float], Float)] = [
    (.cosine, [0.1, 0.3, 0.7], [0.2, 0.2, 0.2], 0.173_19),
    (.cosine, [1, 2, 3], [-1, -2, -3], 2),
    (.cosine, [0.7, 0.3], [1, 1], 0.0715),
    (.cosine, [0, 0], [1, 1], 1),
    (.cosine, [1, 1], [0, 0], 1),
    (.cosine, [0, 0], [0, 0], 1),
    (.dot, [3, 4, 5], [3, 4, 5], -50),
    (.dot, [0, 0, 0], [3, 4, 5], 0),
    (.l2Squared, [10, 11, 12], [13, 15, 17], 50),
    (.l2Squared, [10, 11, 12], [0, 0, 0], 365),
    (.manhattan, [10, 11, 12], [13, 15, 17], 12),
    (.manhattan, [10, 11, 12], [0, 0, 0], 33),
    (.hamming, [10, 11, 15, 25, 31], [10, 15, 16, 25, 30], 3),
    (.hamming, [0, 1], [-0.0, 1], 0),
  ]

  @Test("Distances follow their formulas on every level", arguments: worked)
  func workedValues(metric: Metric, query: [Float], row: [Float], wanted: Float) {
    for kernels in DistanceKernels.levels {
      let distance = ExactDistance(metric: metric, query: query, kernels: kernels)
        .distance(toRow: row)
      #expect(abs(distance - wanted) < 1e-4, "\(kernels.name)")
    }
  }

  @Test func namesAndFileCodesAreStable() {
    #expect(
      Metric.allCases.map(\.description) == ["cosine", "dot", "l2-squared", "manhattan", "hamming"])
    #expect(Metric.allCases.map(\.fileCode) == [1, 2, 3, 4, 5])
    #expect(Metric.allCases.allSatisfy { Metric(fileCode: $0.fileCode) == $0 })
    #expect(Metric(fileCode: 0) == nil)
    #expect(Metric(fileCode: 6) == nil)
  }

  @Test("Extreme components give finite, ordered distances", arguments: Metric.allCases)
  func extremeComponents(metric: Metric) {
    let huge = Float.greatestFiniteMagnitude
    let tiny = Float.leastNonzeroMagnitude
    let vectors: [[Float]] = [
      [huge, huge, huge], [-huge, huge, -huge], [huge, 0, tiny], [tiny, tiny, -tiny], [0, 0, 0],
      [1, -1, 0.5],
    ]
    for query in vectors {
      let exact = ExactDistance(metric: metric, query: query)
      for row in vectors { #expect(exact.distance(toRow: row).isFinite, "\(query) \(row)") }
    }
    let cosine = ExactDistance(metric: .cosine, query: [huge, huge, huge])
    #expect(abs(cosine.distance(toRow: [1, 1, 1])) < 1e-6)
    #expect(abs(cosine.distance(toRow: [tiny, tiny, tiny])) < 1e-6)
    #expect(abs(cosine.distance(toRow: [-huge, -huge, -huge]) - 2) < 1e-6)
    #expect(ExactDistance(metric: .dot, query: [huge, huge]).distance(toRow: [huge, -huge]) == 0)
    #expect(
      ExactDistance(metric: .dot, query: [huge, huge]).distance(toRow: [huge, huge]) == -huge)
  }

  @Test("A row's address changes no bit of its distance", arguments: Metric.allCases)
  func alignmentChangesNothing(metric: Metric) {
    var random = SeededGenerator(seed: 7)
    let query = (0..<131).map { _ in random.gaussian() }
    let row = (0..<131).map { _ in random.gaussian() }
    for kernels in DistanceKernels.levels {
      let exact = ExactDistance(metric: metric, query: query, kernels: kernels)
      let wanted = exact.distance(toRow: row)
      for start in 0..<9 {
        let bytes = [UInt8](repeating: 0, count: start) + row.withUnsafeBytes { Array($0) }
        let distance = bytes.withUnsafeBytes { bytes in
          bytes.baseAddress.map { exact.distance(toUnaligned: $0 + start) }
        }
        #expect(distance?.bitPattern == wanted.bitPattern, "\(kernels.name), start \(start)")
      }
    }
  }

  @Test func anEmptyVectorHasADistance() {
    #expect(ExactDistance(metric: .l2Squared, query: []).distance(toRow: [] as [Float]) == 0)
  }

  @Test func normalizingKeepsZeroAndGivesUnitLength() {
    let small = Float.leastNormalMagnitude / 64
    for vector: [Float] in [[3, 4], [3e30, 4e30], [3 * small, 4 * small], [-3, 4]] {
      let unit = vector.withUnsafeBufferPointer { Normalization.normalized($0) }
      #expect(abs(unit[0].magnitude - 0.6) < 1e-5 && abs(unit[1] - 0.8) < 1e-5, "\(vector)")
    }
    let zero = [Float](repeating: 0, count: 5).withUnsafeBufferPointer {
      Normalization.normalized($0)
    }
    #expect(zero == [0, 0, 0, 0, 0])
  }
}

extension ExactDistance {
  /// The distance of a row given as an array.
  func distance(toRow row: [Float]) -> Float {
    row.withUnsafeBufferPointer { row in
      let nowhere = UnsafePointer<Float>(bitPattern: 64)
      return (row.baseAddress ?? nowhere).map { distance(to: $0) } ?? .nan
    }
  }
}
