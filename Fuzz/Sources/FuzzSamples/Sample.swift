import VectorIndexes
import VectorMath

/// An encoding as fuzzers meet it: what it is made for, and small vectors to make it of.
package struct Sample: Sendable {
  package let name: String
  package let plan: EncodingPlan
  package let metric: Metric

  package static let dimensions = 16
  package static let count = 1_000
  /// A transform that leaves most components out: small, and trained in no time.
  package static let transform = TransformPlan.pca(dimensions: 5, seed: 1)

  /// Every encoding under every metric that it goes with.
  package static let all: [Sample] =
    Metric.allCases.filter { $0 != .hamming }.flatMap {
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
    } + [bits]

  /// Packed bits, which have no encoding to make.
  private static let bits = Sample(name: "bits-hamming", plan: .bits, metric: .hamming)

  /// The vectors, row after row: the same every time.
  package static let values: [Float] = {
    var random = SeededRandom(seed: 7)
    return (0..<count * dimensions).map { _ in Float(random.below(20_001) - 10_000) / 4_096 }
  }()

  /// Packed bits, row after row.
  package static let bytes: [UInt8] = {
    var random = SeededRandom(seed: 8)
    return (0..<count * dimensions / 8).map { _ in UInt8(truncatingIfNeeded: random.below(256)) }
  }()

  /// A query among the vectors.
  package var query: VectorValue {
    let first = 10 * Sample.dimensions
    return plan == .bits
      ? .bits(Array(Sample.bytes[first / 8..<(first + Sample.dimensions) / 8]))
      : .floats(Array(Sample.values[first..<first + Sample.dimensions]))
  }

  /// Its vectors under DocIDs from 1 on.
  package var source: ArrayVectorSource {
    if plan == .bits {
      return ArrayVectorSource(
        docIDs: (1...UInt64(Sample.count)).map { $0 }, bits: Sample.bytes,
        rowBytes: Sample.dimensions / 8)
    }
    return ArrayVectorSource(
      docIDs: (1...UInt64(Sample.count)).map { $0 }, values: Sample.values,
      dimensions: Sample.dimensions)
  }

  /// The kinds of index that its segments have, the third of them one of lists or buckets; `custom` is the name of a
  /// registered kind. Such kinds are given numbers, and forests take the encodings whose rows can be compared
  /// with each other.
  package func kinds(custom: String) -> [IndexKind] {
    let usual: [IndexKind] = [.flat, .hnsw(.init(m: 4, efConstruction: 16))]
    if plan == .bits {
      return usual + [.hash(.init(bits: 6, tables: 2)), .ivf(.init(lists: 6))]
    }
    let kinds = usual + [.ivf(.init(lists: 6)), .custom(.init(name: custom))]
    let hasForest = [.int8, .float16].contains(plan.kind)
    return hasForest ? kinds + [.annoy(.init(trees: 3, seed: 1))] : kinds
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
