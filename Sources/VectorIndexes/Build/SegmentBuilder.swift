import SegmentFiles
import StorageIO
import VectorMath

/// Builds one segment from originals.
///
/// The same request, DocIDs, originals and base give the same bytes, at any number of threads, and for
/// int8 rows on any CPU.
package struct SegmentBuilder: Sendable {
  /// How neighbours are found.
  package var kind: IndexKind
  /// How rows are stored.
  package var encoding: EncodingPlan
  /// Whether rows are floats although int8 codes were asked for, since those cannot tell the vectors apart.
  package var standsInForCodes = false
  /// How distances are measured.
  package var metric: Metric
  /// Components of each vector.
  package var dimensions: Int
  /// The DocIDs that the segment answers for, those of vanished vectors included.
  package var interval: ClosedRange<UInt64>
  /// Threads to use, the caller's included.
  package var threads: Int
  /// Called now and then, from the caller's thread; true ends the build with `cancelled`.
  package var isCancelled: @Sendable () -> Bool
  /// Called now and then with the share of the whole build that is done.
  package var progress: @Sendable (Double, BuildPhase) -> Void
  /// Graph reuse ends after so many generations, as insurance against slow decay.
  package var maxGenerations: UInt32 = 8
  /// What is done to vectors before they are stored.
  package var transform = TransformPlan.none
  /// The transform that was chosen: `transform` is done, and `dimensions` are those of what it makes.
  var fitted: LinearTransform?
  /// What the collection has trained already for its segments of this kind, of rows as `knownTransform` makes them.
  package var artifact: SharedArtifact?
  /// The transform that the collection has trained already.
  package var knownTransform: SharedArtifact?
  /// The kinds that others have registered.
  package var engines = CustomEngines.none
  /// For measurements.
  package var tuning = BuildTuning()

  /// The most components that a vector may have.
  package static let maxDimensions = 65_536

  /// Creates a builder.
  package init(
    kind: IndexKind, encoding: EncodingPlan, metric: Metric, dimensions: Int,
    interval: ClosedRange<UInt64>, threads: Int = 1,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Double, BuildPhase) -> Void = { _, _ in }
  ) {
    self.kind = kind
    self.encoding = encoding
    self.metric = metric
    self.dimensions = dimensions
    self.interval = interval
    self.threads = threads
    self.isCancelled = isCancelled
    self.progress = progress
  }

  /// Builds and writes a segment: `makeWriter` is called once everything is known, and the file is
  /// complete when this returns. `base` is an older segment whose graph may be reused. `addSections` is called
  /// with the DocIDs of all rows, ascending, to write what the index itself knows nothing of.
  package func build(
    from source: any VectorSource, base: SegmentIndex? = nil,
    makeWriter: (SegmentHeader) throws(StoreError) -> SegmentWriter,
    addSections: ([UInt64], SegmentWriter) throws(StoreError) -> Void = { _, _ in }
  ) throws(StoreError) -> (
    summary: SegmentFileSummary, report: BuildReport, artifacts: [SharedArtifact]
  ) {
    let built = try build(from: source, base: base)
    progress(0.97, .writing)
    let writer = try makeWriter(built.header)
    do throws(StoreError) {
      try built.write(to: writer)
      try addSections(built.docIDs, writer)
      let summary = try writer.finish()
      progress(1, .writing)
      return (summary, built.report, built.artifacts)
    } catch {
      writer.abandon()
      throw error
    }
  }

  /// Builds a segment in memory.
  package func build(
    from source: any VectorSource, base: SegmentIndex? = nil
  ) throws(StoreError) -> BuiltSegment {
    if let transformed = try transformed(source) {
      return try transformed.builder.build(from: transformed.source, base: base)
    }
    try validate(source)
    let applied = encoding.applied(toRows: source.docIDs.count)
    guard applied == encoding else {
      var other = self
      other.encoding = applied
      return try other.build(from: source, base: base)
    }
    var state = BuildState(builder: self)
    let plan: GraphPlan? =
      if case .hnsw(let parameters) = kind {
        GraphPlan(parameters: parameters, tuning: tuning)
      } else { nil }
    let kindBuild = try kindBuild(source, &state)
    let stored = try train(source, &state).map { RowCodec.stored($0) }
    if stored == nil, encoding.leastRows > 0 {
      var other = self
      other.encoding = .int8
      return try other.build(from: source, base: base)
    }
    if let plan, let base, let rows = try recode(base, plan, source, stored, &state) {
      return rows
    }
    let codec = try codec(source, stored, &state)
    let rows = try encode(
      source, codec, kind.comparesRows ? stored : nil, plan, kindBuild, &state)
    guard rows.count > 0 else {
      return BuiltSegment(flat: rows, state: state, builder: self)
    }
    if let kindBuild {
      return try BuiltSegment(kind: kindBuild, rows: rows, state: state, builder: self)
    }
    guard let plan else {
      return BuiltSegment(flat: rows, state: state, builder: self)
    }
    return try link(rows, plan, base, &state)
  }

  /// Refuses what cannot be built, naming it.
  private func validate(_ source: any VectorSource) throws(StoreError) {
    guard (1...Self.maxDimensions).contains(dimensions) else {
      throw StoreError(
        .invalidArgument, "\(dimensions) dimensions; 1 to \(Self.maxDimensions) can be indexed")
    }
    try encoding.validate(metric: metric, dimensions: dimensions)
    if case .hnsw(let parameters) = kind {
      guard HNSWParameters.mRange.contains(parameters.m) else {
        throw StoreError(
          .invalidConfiguration, "m \(parameters.m) is outside \(HNSWParameters.mRange)")
      }
      guard (1...100_000).contains(parameters.efConstruction) else {
        throw StoreError(
          .invalidConfiguration, "efConstruction \(parameters.efConstruction) is outside 1...100000"
        )
      }
    }
    if encoding == .bits, !kind.takesBits {
      throw StoreError(
        .invalidConfiguration, "the kind \(kind.name) takes no packed bits",
        remedy: "Use flat, hnsw, ivf or hash")
    }
    if case .annoy(let parameters) = kind { try parameters.validate(encoding) }
    if case .custom(let parameters) = kind { try parameters.validate() }
    let docIDs = source.docIDs
    guard docIDs.count < PoolEntry.maxRows else {
      throw StoreError(.limitExceeded, "\(docIDs.count) rows are too many for one segment")
    }
    guard zip(docIDs, docIDs.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw StoreError(.internalError, "DocIDs to index are not ascending")
    }
    if let first = docIDs.first, let last = docIDs.last,
      !interval.contains(first) || !interval.contains(last)
    {
      throw StoreError(.internalError, "DocIDs \(first)...\(last) are outside \(interval)")
    }
  }
}
