import VectorIndexes

/// How many candidates of a search are compared by their originals.
///
/// The codes that found them say about how far away they are; the better the codes, the fewer candidates have
/// to be looked at to have the nearest among them.
struct Rescoring {
  /// What a collection is told; its segments may still have another encoding.
  private let encoding: VectorEncoding
  private let configuration: CollectionConfiguration
  /// Results wanted.
  private let limit: Int
  /// Candidates that a walk keeps.
  let beam: Int

  /// - Parameter requested: The beam asked for with the search, if one was.
  init(_ configuration: CollectionConfiguration, limit: Int, requested: Int?) {
    self.configuration = configuration
    self.limit = limit
    encoding = configuration.encoding
    beam = Rescoring.beam(configuration, limit: limit, requested: requested)
  }

  /// Whether distances are made exact; otherwise they are what the codes say.
  var isOn: Bool { encoding.rescoring != .off }

  /// More candidates than results, where codes hardly err: segments rank by 15 bits of each component, but
  /// clip the few that lie far outside the others: measured on text-25k (which clips), recall of a scan is
  /// 0.991 without a margin and 0.9998 with 4.
  static func margin(_ limit: Int) -> Int { max(4, limit / 4) }

  /// Results and the usual margin.
  private var least: Int { limit + Rescoring.margin(limit) }

  /// Candidates that a segment proposes. Never more than a walk keeps: a wider one is a wider `ef`.
  func depth(of index: SegmentIndex) -> Int {
    if index.reproducesOriginals { return limit }
    return min(count(encoding(of: index)), max(beam, least))
  }

  /// Candidates that a segment's first, perhaps narrow, walk has to find in any case.
  func leastDepth(of index: SegmentIndex) -> Int { min(depth(of: index), least) }

  private func count(_ encoding: VectorEncoding) -> Int {
    switch encoding.rescoring {
    case .off: limit
    case .margin(let least): max(self.least, least)
    case .best(let count) where count >= limit: count
    case .best, .all: max(beam, limit)
    }
  }

  /// What holds for a segment. One that waits for its conversion is searched as is usual for it.
  private func encoding(of index: SegmentIndex) -> VectorEncoding {
    let wanted = configuration.encodingPlan(dimensions: index.dimensions)
    if index.plan.isInterchangeable(with: wanted) { return encoding }
    switch index.plan {
    case .float32: return .float32
    case .float16: return .float16
    case .int8: return .int8()
    case .int4: return .int4()
    case .pq: return .pq()
    case .binary: return .binary()
    case .rabitq(let bits, _): return .rabitq(bits: bits)
    }
  }

  /// The beam that is asked for, or else configured. A dynamic one is wide enough for the candidates that
  /// are to be compared; so is a scan's, which has none of its own.
  private static func beam(
    _ configuration: CollectionConfiguration, limit: Int, requested: Int?
  ) -> Int {
    let beam = configuration.index.beam(limit: limit, requested: requested)
    guard requested == nil else { return beam }
    let automatic = BeamWidth.automatic.resolved(limit: limit)
    switch (configuration.index, configuration.encoding.rescoring) {
    case (.flat, .best(let count)): return max(beam, count >= limit ? count : automatic)
    case (.flat, .all): return max(beam, automatic)
    case (.hnsw(let graph), .best(let count)):
      if case .dynamic = graph.ef, count >= limit { return max(beam, count) }
      return beam
    default: return beam
    }
  }
}
