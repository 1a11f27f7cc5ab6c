import TestSupport
import Testing
import VectorIndexes
import VectorMath

/// An encoding under a metric, and what it is good for.
struct EncodingCase: CustomTestStringConvertible, Sendable {
  let plan: EncodingPlan
  let metric: Metric
  /// Candidates compared by their originals for ten results.
  let depth: Int
  /// The recall that these have at least.
  let recall: Double

  var testDescription: String { "\(plan) \(metric)" }

  static let dimensions = 48

  /// Every encoding with each of its metrics.
  static let all: [EncodingCase] = Metric.allCases.filter { $0 != .hamming }.flatMap { metric in
    let plans: [(EncodingPlan, Int, Double)] = [
      (.float16, 14, 0.99), (.int4, 20, 0.98),
      (.pq(.init(subvectors: 24, centroids: 64)), 50, 0.98),
      (.pq(.init(subvectors: 8, centroids: 16, trainingLimit: 500)), 100, 0.75),
      (.pq(.init(subvectors: 48, centroids: 32, encoder: .tile(.normal))), 60, 0.97),
      (.binary, 200, 0.6), (.rabitq(bits: 8, seed: 1), 14, 0.99),
      (.rabitq(bits: 4, seed: 1), 20, 0.98), (.rabitq(bits: 1, seed: 1), 200, 0.9),
    ]
    return plans.compactMap { plan, depth, recall -> EncodingCase? in
      if metric == .manhattan, [.binary, .rabitq].contains(plan.kind) { return nil }
      // One map for all components, which manhattan needs, is coarser than one for each vector.
      let least = metric == .manhattan && plan.kind == .int4 ? 0.85 : recall
      return EncodingCase(plan: plan, metric: metric, depth: depth, recall: least)
    }
  }

  /// Every encoding and every metric, each with half of the other; all pairs with `SEAMSTONE_LONG_TESTS`.
  static let some: [EncodingCase] =
    TestSettings.isLong
    ? all : all.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)

  /// One of each encoding.
  static let each: [EncodingCase] = all.filter { $0.metric == .l2Squared }
}

extension IndexFixture {
  /// Mean recall of the ten nearest when the best `depth` candidates are compared by their originals.
  func rescoredRecall(
    _ index: SegmentIndex, depth: Int, ef: Int = 200, queries: [[Float]],
    filter: SearchFilter? = nil, where allowed: (UInt64) -> Bool = { _ in true }
  ) -> Double {
    meanRecall(
      index, k: 10, margin: depth - 10, ef: ef, queries: queries, filter: filter, where: allowed)
  }
}

extension EncodingPlan {
  /// Whether flat segments keep their rows in blocks as well.
  var isScannedFast: Bool {
    if case .pq(let product) = self { product.centroids <= 16 } else { false }
  }
}
