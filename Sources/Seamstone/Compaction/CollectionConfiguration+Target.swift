import VectorIndexes

/// What a configuration asks of segments.
extension CollectionConfiguration {
  /// The index kind of segments that are large enough for one.
  var indexKind: IndexKind {
    switch index {
    case .flat: .flat
    case .hnsw(let graph):
      .hnsw(
        HNSWParameters(m: graph.m, efConstruction: graph.efConstruction, seed: graph.seed))
    }
  }

  /// The encoding of segments.
  var encodingKind: VectorEncodingKind {
    switch encoding {
    case .float32: .float32
    case .int8: .int8
    }
  }

  var isFloat32: Bool { encoding == .float32 }

  /// Whether large segments get a graph.
  var wantsGraph: Bool {
    if case .flat = index { return false }
    return true
  }

  /// Whether a segment is what this configuration would build: its encoding, and the parameters of
  /// its graph if it has one. A flat segment is right for every kind, as long as it is small; the seed
  /// may differ, since a graph that fails its self-check is built again with another one.
  func isServed(by segment: SegmentIndex) -> Bool {
    guard segment.encoding == encodingKind else { return false }
    switch (segment.kind, indexKind) {
    case (.flat, _): return true
    case (.hnsw(let has), .hnsw(let wants)):
      return has.m == wants.m && has.efConstruction == wants.efConstruction
    case (.hnsw, .flat): return false
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
    guard encoding == earlier.encoding else { return false }
    switch product {
    case .sealed: return true
    // Merged flat because nothing else was wanted: it would be built once more, with a graph.
    case .merged: return earlier.wantsGraph || !wantsGraph
    case .graph: return indexKind == earlier.indexKind
    }
  }
}

extension SegmentIndex {
  /// Whether searches walk a graph.
  var hasGraph: Bool { kind != .flat }

  var kindName: String { hasGraph ? "hnsw" : "flat" }
  var encodingName: String { encoding == .float32 ? "float32" : "int8" }
}
