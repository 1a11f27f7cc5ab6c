import VectorIndexes

/// How many candidates of a search are compared by their originals.
///
/// The codes that found them say about how far away they are; the better the codes, the fewer candidates have
/// to be looked at to have the nearest among them.
struct Rescoring {
  /// What a collection is told; its segments may still have another encoding.
  private let rescoring: VectorEncoding.Rescoring
  private let configuration: CollectionConfiguration
  /// Results wanted.
  private let limit: Int
  /// Candidates that a walk keeps.
  let beam: Int
  /// What was asked for to widen the search.
  private let requested: Int?

  /// - Parameters:
  ///   - requested: The beam asked for with the search, if one was.
  ///   - probes: How many of the results wanted widen no dynamic beam.
  init(
    _ configuration: CollectionConfiguration, limit: Int, requested: Int?, probes: Int = 0
  ) {
    self.configuration = configuration
    self.limit = limit
    self.requested = requested
    rescoring = configuration.rescoring
    beam = max(
      Rescoring.beam(configuration, limit: max(limit - probes, 1), requested: requested), limit)
    isAutomatic =
      switch configuration.index {
      case .ivf, .hash: true
      case _ where requested != nil: false
      case .flat, .custom: true
      case .hnsw(let graph): if case .dynamic = graph.ef { true } else { false }
      case .annoy(let forest): forest.searchK == nil
      }
  }

  /// Whether distances are made exact; otherwise they are what the codes say.
  var isOn: Bool { rescoring != .off }

  /// More candidates than results, where codes hardly err: segments rank by 15 bits of each component, but
  /// clip the few that lie far outside the others: measured on text-25k (which clips), recall of a scan is
  /// 0.991 without a margin and 0.9998 with 4.
  static func margin(_ limit: Int) -> Int { max(4, limit / 4) }

  /// Candidates that are compared before it is decided whether more of them are worth it.
  static func firstLook(_ limit: Int) -> Int { max(limit + margin(limit), 12) }

  /// How one segment is searched.
  struct Share {
    /// Candidates that the segment proposes. Never more than a walk keeps: a wider one is a wider `ef`.
    let depth: Int
    /// Candidates that its first, perhaps narrow, walk has to find in any case.
    let least: Int
    /// What widens the search of this segment: the full beam of a graph, the number of lists.
    let beam: Int

    /// The same with as many lists.
    func with(beam: Int) -> Share { Share(depth: depth, least: least, beam: beam) }
  }

  /// How a segment is searched.
  func share(of index: SegmentIndex) -> Share {
    if case .hash = index.kind {
      return beamShare(of: index).with(beam: configuration.index.flips(requested: requested))
    }
    guard case .ivf = index.kind else { return beamShare(of: index) }
    // A beam asked of another kind says nothing about lists.
    let isOwn = if case .ivf = configuration.index { true } else { false }
    let probes = configuration.index.probes(requested: isOwn ? requested : nil)
    return beamShare(of: index).with(beam: probes)
  }

  private func beamShare(of index: SegmentIndex) -> Share {
    let wanted = configuration.encodingPlan(dimensions: index.dimensions)
    let isCurrent =
      index.plan.isInterchangeable(with: wanted)
      && configuration.transformPlan(dimensions: index.dimensions)
        .isInterchangeable(with: index.transform?.plan ?? .none)
    var beam = beam
    // What was configured for a segment that waits for its conversion is forgotten: it gets what is ample.
    let isOther = index.kind != .flat && index.kind.name != configuration.indexKind.name
    if isAutomatic, !isCurrent || isOther {
      beam = max(beam, BeamWidth.automatic.resolved(limit: limit))
    }
    if case .annoy(let forest) = index.kind, !configuration.index.isBuiltOnce {
      beam = max(beam, AnnoyConfiguration(trees: forest.trees).candidates(limit: limit))
    }
    let least = limit + Rescoring.margin(limit)
    if index.reproducesOriginals { return Share(depth: limit, least: limit, beam: beam) }
    var depth = least
    switch isCurrent ? rescoring : Rescoring.usual(of: index) {
    case .off: depth = limit
    case .margin(let count): depth = max(least, count)
    case .best(let count):
      depth = count >= limit ? count : max(beam, limit)
      if isAutomatic { beam = max(beam, depth) }
    case .all: depth = max(beam, limit)
    }
    depth = min(depth, max(beam, least))
    return Share(depth: depth, least: min(depth, least), beam: beam)
  }

  /// What is enough for a segment whatever its collection was told.
  private static func usual(of index: SegmentIndex) -> VectorEncoding.Rescoring {
    if index.transform?.isReducing == true { return .all }
    return switch index.plan {
    case .float32, .float16, .int8, .bits: .margin(atLeast: 0)
    case .int4: .best(100)
    case .pq: .all
    case .binary: .best(512)
    case .rabitq(let bits, _): VectorEncoding.rabitq(bits: bits).rescoring
    }
  }

  /// Whether neither the search nor the configuration sets a fixed beam.
  private let isAutomatic: Bool

  /// The beam that is asked for, or else configured. Scans and inverted lists, which have none, take the automatic one where
  /// all that it finds is to be compared.
  private static func beam(
    _ configuration: CollectionConfiguration, limit: Int, requested: Int?
  ) -> Int {
    let beam = configuration.index.beam(limit: limit, requested: requested)
    switch configuration.index {
    case .hnsw, .annoy: return beam
    case .flat where requested != nil, .custom where requested != nil: return beam
    case .flat, .ivf, .hash, .custom: break
    }
    let automatic = BeamWidth.automatic.resolved(limit: limit)
    switch configuration.rescoring {
    case .off, .margin: return beam
    case .best(let count) where count >= limit: return beam
    case .best, .all: return max(beam, automatic)
    }
  }
}
