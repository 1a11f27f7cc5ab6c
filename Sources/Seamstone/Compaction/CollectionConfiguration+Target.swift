import VectorIndexes
import VectorMath

/// What a configuration asks of segments.
extension CollectionConfiguration {
  /// The index kind of segments that are large enough for one.
  var indexKind: IndexKind {
    switch index {
    case .flat: .flat
    case .hnsw(let graph):
      .hnsw(
        HNSWParameters(m: graph.m, efConstruction: graph.efConstruction, seed: graph.seed))
    case .annoy(let forest):
      .annoy(AnnoyParameters(trees: forest.trees, seed: forest.seed))
    case .custom(let kind):
      .custom(CustomParameters(name: kind.name, settings: Array(kind.settingsText.utf8)))
    case .ivf(let lists):
      .ivf(
        IVFParameters(
          lists: lists.lists ?? 0, trainingLimit: lists.trainingLimit ?? 0, seed: lists.seed))
    case .hash(let buckets):
      .hash(HashParameters(bits: buckets.bits, tables: buckets.tables, seed: buckets.seed))
    }
  }

  /// What is done to vectors of so many components before segments store them that are large enough for it.
  func transformPlan(dimensions: Int?) -> TransformPlan {
    switch transform {
    case .none: .none
    case .pca(let outputs): .pca(dimensions: outputs, seed: seed)
    case .opq(let subvectors, let outputs):
      .opq(subvectors: subvectors, dimensions: outputs ?? dimensions ?? 1, seed: seed)
    }
  }

  /// The encoding of segments that are large enough for it, of vectors of so many components.
  func encodingPlan(dimensions vectorDimensions: Int) -> EncodingPlan {
    let dimensions = transform.outputs(of: vectorDimensions)
    switch encoding {
    case .float32: return .float32
    case .float16: return .float16
    case .int8(let scalar): return .int8(trainingLimit: scalar.trainingLimit)
    case .int4(let scalar): return .int4(trainingLimit: scalar.trainingLimit)
    case .pq(let product):
      return .pq(
        ProductPlan(
          subvectors: product.resolvedSubvectors(dimensions: dimensions),
          centroids: product.centroids, encoder: product.encoder.plan,
          trainingLimit: product.trainingLimit, seed: seed))
    case .binary: return .binary
    case .rabitq(let rotated): return .rabitq(bits: rotated.bits, seed: seed)
    case .bits: return .bits
    }
  }

  /// The seed of everything that is drawn while segments are built.
  private var seed: UInt64 {
    switch index {
    case .flat, .custom: HNSWConfiguration.defaultSeed
    case .hnsw(let graph): graph.seed
    case .annoy(let forest): forest.seed
    case .ivf(let lists): lists.seed
    case .hash(let buckets): buckets.seed
    }
  }

  /// Live vectors from which on a segment gets a graph; nil leaves it to the store's limits.
  var graphRows: Int? {
    switch index {
    case .flat, .ivf, .hash, .custom: nil
    case .hnsw(let graph): graph.graphRows
    // It is built when somebody says so, of whatever there is.
    case .annoy: 1
    }
  }

  /// Whether large segments get a graph, or whatever the index kind has in its place.
  var wantsGraph: Bool {
    if case .flat = index { return false }
    return true
  }

  /// Whether a segment is what this configuration would build: its encoding, and the parameters of
  /// its graph if it has one. A flat segment is right for every kind, as long as it is small; the seed
  /// may differ, since a graph that fails its self-check is built again with another one.
  func isServed(by segment: SegmentIndex) -> Bool {
    let wanted = encodingPlan(dimensions: segment.dimensions).applied(toRows: segment.count)
    let transform = transformPlan(dimensions: segment.dimensions).applied(toRows: segment.count)
    guard transform.isInterchangeable(with: segment.transform?.plan ?? .none) else { return false }
    guard
      segment.plan.isInterchangeable(with: wanted)
        || segment.standsInForCodes && wanted.kind == .int8
    else { return false }
    switch (segment.kind, indexKind) {
    case (.flat, _): return true
    case (.hnsw(let has), .hnsw(let wants)):
      return has.m == wants.m && has.efConstruction == wants.efConstruction
    case (.annoy(let has), .annoy(let wants)): return has.trees == wants.trees
    case (.custom(let has), .custom(let wants)): return has == wants
    case (.ivf(let has), .ivf(let wants)):
      return has.lists == wants.lists && has.trainingLimit == wants.trainingLimit
    case (.hash(let has), .hash(let wants)):
      return has.bits == wants.bits && has.tables == wants.tables
    case (.hnsw, _), (.ivf, _), (.annoy, _), (.custom, _), (.hash, _): return false
    }
  }
}

extension CollectionConfiguration {
  /// What a running job makes.
  enum Product {
    /// A flat segment of the tail.
    case sealed
    /// A flat segment of other segments.
    case merged
    /// A segment with a graph.
    case graph
  }

  /// Whether a segment that is being built as `earlier` asked for is of use under this configuration.
  /// What only concerns searches, the beam say, plays no part.
  func wants(_ product: Product, of earlier: CollectionConfiguration) -> Bool {
    let dimensions = dimensions ?? earlier.dimensions ?? 1
    guard
      transformPlan(dimensions: dimensions)
        .isInterchangeable(with: earlier.transformPlan(dimensions: dimensions))
    else { return false }
    let isSame = encodingPlan(dimensions: dimensions)
      .isInterchangeable(with: earlier.encodingPlan(dimensions: dimensions))
    switch product {
    case .sealed: return isSame
    // Merged flat because nothing else was wanted: it would be built once more, with a graph.
    case .merged: return isSame && (earlier.wantsGraph || !wantsGraph)
    // Rows of another encoding are soon made for a graph that is there. Only one of floats is another graph.
    case .graph: return indexKind == earlier.indexKind && (isSame || encoding != .float32)
    }
  }
}

extension ProductConfiguration {
  /// ``subvectors``, with 0 resolved.
  public func resolvedSubvectors(dimensions: Int) -> Int {
    if subvectors > 0 { return subvectors }
    if case .tile = encoder { return dimensions }
    return ProductQuantizer.subvectors(auto: dimensions)
  }
}

extension ProductConfiguration.Encoder {
  fileprivate var plan: ProductEncoder {
    switch self {
    case .kmeans: .kmeans
    case .tile(.normal): .tile(.normal)
    case .tile(.logNormal): .tile(.logNormal)
    }
  }
}

extension SegmentIndex {
  /// Whether it is more than rows to be scanned: compaction treats all kinds but flat alike.
  var hasGraph: Bool { kind != .flat }

  /// Whether searches walk a graph, so that `ef` is a beam.
  var walksGraph: Bool { if case .hnsw = kind { true } else { false } }
  var encodingName: String { "\(plan)" }
  /// What was done to its vectors, as configurations name it.
  var transformName: String { "\(transform?.plan ?? .none)" }
}
