import SegmentFiles
import StorageIO
import VectorMath

/// A finished index in memory, ready to be written.
package final class BuiltSegment {
  /// The segment's fixed fields.
  package let header: SegmentHeader
  /// What the build did.
  package let report: BuildReport

  /// The DocIDs of all rows, ascending.
  var docIDs: [UInt64] { rows.docIDs.sorted() }

  let rows: EncodedRows
  let layout: IndexLayout
  /// What the rows are.
  let plan: EncodingPlan
  /// The older segment whose graph and order of rows this one has.
  let recoded: SegmentIndex?
  /// The row of each final ordinal.
  let order: [UInt32]
  /// Layers in the builder's ordinals; empty for flat segments.
  let layers: [BuildLayer]
  /// Where the rows begin that hang on each node, in final ordinals; empty without duplicates.
  let offsets: [UInt32]
  /// More starting points, in the builder's ordinals; dot only.
  let entries: [UInt32]
  /// What other kinds than flat and hnsw add.
  let kind: (any KindBuild)?

  /// What makes rows of vectors.
  let transform: LinearTransform?

  /// What was trained and may serve other segments as well.
  package var artifacts: [SharedArtifact] {
    [transform.map { SharedArtifact($0) }, kind?.artifact].compactMap(\.self)
  }

  /// A flat segment: rows stay in order of DocID.
  init(flat rows: EncodedRows, state: BuildState, builder: SegmentBuilder) {
    self.rows = rows
    plan = builder.encoding
    transform = builder.fitted
    recoded = nil
    order = Array(0..<UInt32(rows.count))
    layers = []
    offsets = []
    entries = []
    kind = nil
    report = state.report
    var layout = IndexLayout(rows, state, builder)
    layout.nodeCount = rows.count
    self.layout = layout
    header = Self.header(.flat, rows, state, builder)
  }

  /// Rows in the order that a kind wants, and what it keeps beside them.
  init(
    kind: any KindBuild, rows: EncodedRows, state: BuildState, builder: SegmentBuilder
  ) throws(StoreError) {
    self.rows = rows
    plan = builder.encoding
    transform = builder.fitted
    recoded = nil
    order = try kind.finish(rows, kept: state.kept)
    layers = []
    offsets = []
    entries = []
    self.kind = kind
    report = state.report
    var layout = IndexLayout(rows, state, builder)
    layout.nodeCount = rows.count
    self.layout = layout
    header = Self.header(builder.kind, rows, state, builder)
  }

  /// Rows in the order of an older segment, whose graph they take over as it is.
  init(
    recoding base: SegmentIndex, rows: EncodedRows, state: BuildState, builder: SegmentBuilder
  ) {
    self.rows = rows
    plan = builder.encoding
    transform = builder.fitted
    recoded = base
    order = Array(0..<UInt32(rows.count))
    layers = []
    offsets = []
    entries = []
    kind = nil
    report = state.report
    var layout = base.layout
    let own = IndexLayout(rows, state, builder)
    layout.rowStride = own.rowStride
    layout.residualStride = own.residualStride
    layout.reproducesOriginals = own.reproducesOriginals
    layout.transformedDimensions = own.transformedDimensions
    layout.standsInForCodes = own.standsInForCodes
    layout.hasClipped = own.hasClipped
    self.layout = layout
    header = Self.header(base.kind, rows, state, builder)
  }

  /// A graph. `order` names the nodes of the builder in their final order.
  init(
    graph: GraphBuilder, rows: EncodedRows, duplicates: Duplicates, order: [UInt32],
    entries: [UInt32], state: BuildState, builder: SegmentBuilder
  ) {
    self.rows = rows
    plan = builder.encoding
    transform = builder.fitted
    recoded = nil
    layers = graph.layers
    self.entries = entries
    kind = nil
    report = state.report
    var layout = IndexLayout(rows, state, builder)
    let parameters = graph.plan.parameters
    layout.nodeCount = duplicates.nodeCount
    layout.m = parameters.m
    layout.efConstruction = parameters.efConstruction
    layout.seed = parameters.seed
    layout.alpha = graph.plan.tuning.alpha
    layout.baseDegree = parameters.baseDegree
    layout.baseStride = (parameters.baseDegree + 15) / 16 * 16
    layout.upperStride = (parameters.m + 15) / 16 * 16
    layout.levelCounts = graph.layers.map { $0.count }
    self.layout = layout
    header = Self.header(.hnsw(parameters), rows, state, builder)
    (self.order, offsets) = Self.place(duplicates, order)
  }

  /// Puts the duplicates behind the nodes, in the nodes' final order.
  private static func place(
    _ duplicates: Duplicates, _ nodes: [UInt32]
  ) -> (order: [UInt32], offsets: [UInt32]) {
    guard !duplicates.offsets.isEmpty else { return (nodes, []) }
    var order = nodes
    var offsets: [UInt32] = []
    for node in nodes {
      offsets.append(UInt32(order.count - nodes.count))
      let start = Int(duplicates.offsets[Int(node)])
      let end = Int(duplicates.offsets[Int(node) + 1])
      for other in start..<end { order.append(UInt32(nodes.count + other)) }
    }
    offsets.append(UInt32(order.count - nodes.count))
    return (order, offsets)
  }

  private static func header(
    _ kind: IndexKind, _ rows: EncodedRows, _ state: BuildState, _ builder: SegmentBuilder
  ) -> SegmentHeader {
    SegmentHeader(
      kind: kind.rawKind, encoding: builder.encoding.kind.rawValue, metric: builder.metric.fileCode,
      dimensions: UInt32(builder.fitted?.inputs ?? builder.dimensions), count: UInt64(rows.count),
      firstDocID: builder.interval.lowerBound, lastDocID: builder.interval.upperBound,
      identifier: SegmentIdentifier(state.hash), seed: kind.seed, generation: state.generation)
  }
}

extension IndexLayout {
  fileprivate init(_ rows: EncodedRows, _ state: BuildState, _ builder: SegmentBuilder) {
    self.init()
    rowStride = rows.written.codec.rowStride
    residualStride = rows.written.codec.residualStride
    // What rows reproduce is what the transform made.
    reproducesOriginals = builder.fitted == nil && state.report.reproducesOriginals
    transformedDimensions = builder.fitted?.outputs ?? 0
    hasClipped = state.hasClipped
    standsInForCodes = builder.standsInForCodes
    let span = builder.interval.upperBound - builder.interval.lowerBound
    docIDWidth = span <= UInt64(UInt32.max) ? 4 : 8
  }
}
