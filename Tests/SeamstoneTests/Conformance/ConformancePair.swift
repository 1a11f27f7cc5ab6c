import Seamstone
import Testing

/// An index kind with an encoding under a metric: what the conformance suite goes through. Whoever adds a kind, an
/// encoding or a metric adds it here, and every test of the suite covers it.
struct ConformancePair: Sendable, CustomTestStringConvertible {
  enum Kind: String, CaseIterable, Sendable { case flat, hnsw, ivf, annoy, hash, custom }

  let kind: Kind
  let encoding: VectorEncoding
  let metric: Metric
  /// None in the table: transforms go with all of it, and a few pairs stand for all.
  var transform = VectorTransform.none

  var testDescription: String {
    (transform == .none ? "" : "\(transform) ") + "\(kind.rawValue) \(encoding) \(metric)"
  }

  /// Pairs with a transform; it is trained with SEAMSTONE_CONFORMANCE=full alone, of which `pca:24` keeps less.
  static let transformed: [ConformancePair] = [
    .init(kind: .flat, encoding: .float32, metric: .l2Squared, transform: .pca(dimensions: 24)),
    .init(kind: .hnsw, encoding: .int8(), metric: .cosine, transform: .opq(subvectors: 8)),
    .init(
      kind: .ivf, encoding: .pq(subvectors: 8, centroids: 64), metric: .dot,
      transform: .opq(subvectors: 8)),
    .init(
      kind: .hnsw, encoding: .rabitq(bits: 4), metric: .dot,
      transform: .opq(subvectors: 4, dimensions: 24)),
  ]

  /// Every product of the three, allowed or not.
  static let all: [ConformancePair] = Kind.allCases.flatMap { kind in
    encodings.flatMap { encoding in
      Metric.allCases.map { ConformancePair(kind: kind, encoding: encoding, metric: $0) }
    }
  }

  private static let encodings: [VectorEncoding] = [
    .float32, .float16, .int8(), .int4(), .pq(subvectors: 8, centroids: 64), .binary(),
    .rabitq(bits: 8), .rabitq(bits: 4), .rabitq(bits: 1), .bits,
  ]

  /// What vectors are: an encoding of packed bits goes with these alone, and the others with numbers.
  var elementType: ElementType { encoding == .bits ? .bits : .float32 }

  /// The binding table: which encodings go with which metrics …
  private var isMetricTaken: Bool {
    let metrics: Set<Metric> =
      switch encoding {
      case .float32: Set(Metric.allCases)
      case .float16, .int8, .int4, .pq: [.cosine, .dot, .l2Squared, .manhattan]
      case .binary, .rabitq: [.cosine, .dot, .l2Squared]
      case .bits: [.hamming]
      }
    return metrics.contains(metric)
  }

  /// … and what a kind does not take of them.
  private var isEncodingTaken: Bool {
    switch kind {
    case .flat, .hnsw, .ivf: true
    case .custom: encoding != .bits
    case .annoy: ["float32", "float16", "int8"].contains(encoding.name)
    case .hash: encoding == .bits
    }
  }

  var isAllowed: Bool { isMetricTaken && isEncodingTaken }

  static let allowed = all.filter(\.isAllowed)
  static let refused = all.filter { !$0.isAllowed }

  /// What the refusal of a pair that is not allowed names: all that does not go together.
  var culprits: [String] {
    let metrics: [String] = isMetricTaken ? [] : [encoding.name, "\(metric)"]
    // Buckets are refused for what vectors are, whatever their encoding.
    let other = kind == .hash ? "float32" : encoding.name
    return isEncodingTaken ? metrics : metrics + [segmentKind, other]
  }

  var index: IndexConfiguration {
    switch kind {
    case .flat: .flat
    case .hnsw: .hnsw(m: 6, efConstruction: 24)
    case .ivf: .ivf(lists: 6, probes: 5)
    case .annoy: .annoy(trees: 10, searchK: 300)
    case .hash: .hash(bits: 6, flips: 4)
    case .custom: .custom("examples.PlainScan")
    }
  }

  var configuration: CollectionConfiguration {
    CollectionConfiguration(
      metric: metric, index: index, encoding: encoding, elementType: elementType,
      transform: transform)
  }

  /// The name in statistics of segments that are large enough for the kind.
  var segmentKind: String { kind == .custom ? "examples.PlainScan" : kind.rawValue }

  /// What ten results hold at least of the true ones, with the usual rescoring.
  var leastRecall: Double {
    if encoding.name == "binary" { return 0.8 }
    if transform.description.hasSuffix(":24") { return 0.75 }
    return [.annoy, .ivf, .hash].contains(kind) ? 0.85 : 0.95
  }
}
