import StorageIO
import VectorMath

extension SegmentBuilder {
  /// The same build of transformed vectors; `nil` where they are stored as they are.
  ///
  /// A segment of few rows is not transformed, and nor is one whose vectors vanish while the transform is trained: its
  /// encoding is then the one that needs no training, which goes with any number of components.
  func transformed(
    _ source: any VectorSource
  ) throws(StoreError) -> (builder: SegmentBuilder, source: any VectorSource)? {
    guard transform != .none else { return nil }
    try validateTransform()
    var other = self
    other.transform = .none
    other.knownTransform = nil
    guard transform.applied(toRows: source.docIDs.count) != .none,
      let map = try fit(source)
    else {
      if encoding.leastRows > 0 { other.encoding = .int8 }
      other.artifact = nil
      return (other, source)
    }
    other.fitted = map
    other.dimensions = map.outputs
    // Centroids lie where the map that they were trained with has put them.
    if knownTransform?.identifier != map.identifier { other.artifact = nil }
    let team = ThreadTeam(count: threads)
    return (other, TransformedSource(source: source, transform: map, team: team))
  }

  private func validateTransform() throws(StoreError) {
    if let failure = transform.failure(inputs: dimensions, metric: metric) {
      throw StoreError(
        .invalidConfiguration, "the transform \(transform) cannot be made: \(failure)")
    }
    switch kind {
    case .flat, .hnsw, .ivf: return
    case .annoy, .custom, .hash:
      throw StoreError(
        .invalidConfiguration,
        "the index \(kind.name) takes vectors as they are, without a transform",
        remedy: "Use flat, hnsw or ivf")
    }
  }

  /// The map that the collection has, if it suits the rows, or else a new one; `nil` when too many rows have gone.
  private func fit(_ source: any VectorSource) throws(StoreError) -> LinearTransform? {
    progress(0, .calibrating)
    let limit = TransformPlan.samples(inputs: dimensions)
    let sample = try TrainingSample(
      source, dimensions: dimensions, limit: limit, seed: transform.seed,
      least: TransformPlan.leastRows,
      checkCancelled: { () throws(StoreError) in try checkCancelled() })
    guard sample.count >= min(TransformPlan.leastRows, limit) else { return nil }
    let known = knownTransform.flatMap { artifact in
      artifact.bytes.withUnsafeBytes { LinearTransform(copying: $0) }
    }
    if let known, suits(known, sample, rows: source.docIDs.count) { return known }
    try checkCancelled()
    let trainer = TransformTrainer(transform, metric: metric, inputs: dimensions)
    let team = ThreadTeam(count: threads)
    let trained = sample.values.withUnsafeBufferPointer { values in
      values.baseAddress.flatMap {
        trainer.train(
          $0, count: sample.count, rows: source.docIDs.count, isCancelled: isCancelled
        ) { count, body in
          team.forEachChunk(of: count, size: 1) { _, range in for index in range { body(index) } }
        }
      }
    }
    try checkCancelled()
    return trained
  }

  /// Rows that more than so many times as many as a map was trained for are worth another training, until all samples are
  /// drawn.
  private static let growth = 4
  /// What is lost may be so many times what was lost in training, and one hundredth of all more.
  private static let mostLoss: Float = 1.25

  /// Whether a map may serve rows as in the sample.
  private func suits(_ known: LinearTransform, _ sample: TrainingSample, rows: Int) -> Bool {
    guard known.plan == transform, known.inputs == dimensions, known.header.metric == metric else {
      return false
    }
    let trained = known.header.rows
    if trained < TransformPlan.samples(inputs: dimensions), rows / Self.growth >= trained {
      return false
    }
    guard known.isReducing else { return true }
    let kept = sample.values.withUnsafeBufferPointer { values in
      values.baseAddress.map { known.keptShare($0, count: min(sample.count, 2_048)) }
    }
    return 1 - (kept ?? 1) <= Self.mostLoss * (1 - known.header.kept) + 0.01
  }
}
