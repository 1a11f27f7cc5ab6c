import VectorIndexes
import VectorMath

/// An encoding as fuzzers meet it: what it is made for, and small vectors to make it of.
package struct Sample: Sendable {
  package let name: String
  package let plan: EncodingPlan
  package let metric: Metric

  package static let dimensions = 16
  package static let count = 1_000

  /// Every encoding under every metric that it goes with.
  package static let all: [Sample] = Metric.allCases.filter { $0 != .hamming }.flatMap {
    metric -> [Sample] in
    let plans: [(String, EncodingPlan)] = [
      ("int8", .int8), ("float16", .float16), ("int4", .int4),
      ("pq", .pq(ProductPlan(subvectors: 8, centroids: 16, trainingLimit: 200))),
      (
        "tile",
        .pq(ProductPlan(subvectors: dimensions, centroids: 8, encoder: .tile(.logNormal)))
      ),
      ("binary", .binary), ("rabitq8", .rabitq(bits: 8, seed: 1)),
      ("rabitq4", .rabitq(bits: 4, seed: 2)), ("rabitq1", .rabitq(bits: 1, seed: 3)),
    ]
    return plans.compactMap { name, plan -> Sample? in
      if metric == .manhattan, [.binary, .rabitq].contains(plan.kind) { return nil }
      return Sample(name: "\(name)-\(metric.rawValue)", plan: plan, metric: metric)
    }
  }

  /// The vectors, row after row: the same every time.
  package static let values: [Float] = {
    var random = SeededRandom(seed: 7)
    return (0..<count * dimensions).map { _ in Float(random.below(20_001) - 10_000) / 4_096 }
  }()

  /// Its vectors under DocIDs from 1 on.
  package var source: ArrayVectorSource {
    ArrayVectorSource(
      docIDs: (1...UInt64(Sample.count)).map { $0 }, values: Sample.values,
      dimensions: Sample.dimensions)
  }

  /// A segment of it.
  package func build(
    _ kind: IndexKind, engines: CustomEngines = .none, transform: TransformPlan = .none
  ) -> BuiltSegment {
    do {
      var builder = SegmentBuilder(
        kind: kind, encoding: plan, metric: metric, dimensions: Sample.dimensions,
        interval: 1...UInt64(Sample.count))
      builder.engines = engines
      builder.transform = transform
      return try builder.build(from: source)
    } catch {
      fatalError("\(name): \(error)")
    }
  }
}
