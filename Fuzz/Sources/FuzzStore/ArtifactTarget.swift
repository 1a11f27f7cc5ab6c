import FuzzSamples
import StorageIO
import VectorIndexes
import VectorMath

/// Gives any bytes to a build as what a collection keeps for its segments: the centroids of inverted lists, or a
/// transform.
///
/// Strategy: the first byte chooses the metric, and whether the artifact is a transform; the rest is the artifact as it
/// stands in LMDB behind its checksum. The seeds are what builds have trained, some of it of wrong sizes.
/// Invariants: the artifact is used as it is, or the build trains as if there were none; the segment then opens, is sound,
/// and a search that looks into all lists, or among all rows, finds every row once.
enum ArtifactTarget {
  /// Rows of the segment: enough for six lists, few enough to train in no time.
  private static let count = 64
  private static let parameters = IVFParameters(lists: 6)
  private static let metrics = Metric.allCases.filter { $0 != .hamming }

  /// What is built.
  private struct Form {
    let metric: Metric
    let isTransform: Bool

    /// Rows: transforms are not trained of fewer.
    var count: Int { isTransform ? Sample.count : ArtifactTarget.count }
    var kind: IndexKind { isTransform ? .flat : .ivf(parameters) }
    var plan: TransformPlan { isTransform ? Sample.transform : .none }
  }

  private static let forms = [false, true].flatMap { isTransform in
    metrics.map { Form(metric: $0, isTransform: isTransform) }
  }

  /// What a build without an artifact trains, by form; nothing where a metric goes without transforms.
  private static let trained: [[UInt8]?] = forms.map { form in
    if form.plan.failure(inputs: Sample.dimensions, metric: form.metric) != nil { return nil }
    guard let artifact = build(form, nil).artifacts.first else { fatalError("nothing was trained") }
    return artifact.bytes
  }

  static let check: @Sendable ([UInt8]) -> Void = { bytes in
    guard let first = bytes.first else { return }
    let number = Int(first) % forms.count
    guard let trained = trained[number] else { return }
    let form = forms[number]
    let given = SharedArtifact(identifier: 1, bytes: Array(bytes.dropFirst()))
    let built = build(form, given)
    guard let artifact = built.artifacts.first else { fatalError("the segment has no artifact") }
    guard artifact.bytes == given.bytes || artifact.bytes == trained else {
      fatalError("neither what was given nor what is trained without it")
    }
    search(built, form)
  }

  private static func build(_ form: Form, _ artifact: SharedArtifact?) -> BuiltSegment {
    let source = ArrayVectorSource(
      docIDs: (1...UInt64(form.count)).map { $0 },
      values: Array(Sample.values[..<(form.count * Sample.dimensions)]),
      dimensions: Sample.dimensions)
    do throws(StoreError) {
      var builder = SegmentBuilder(
        kind: form.kind, encoding: .int8, metric: form.metric, dimensions: Sample.dimensions,
        interval: 1...UInt64(form.count), threads: 1)
      builder.transform = form.plan
      if form.isTransform { builder.knownTransform = artifact } else { builder.artifact = artifact }
      return try builder.build(from: source)
    } catch {
      fatalError("a build fails because of an artifact: \(error)")
    }
  }

  private static func search(_ built: BuiltSegment, _ form: Form) {
    let memory = MemorySections()
    let index: SegmentIndex
    do throws(StoreError) {
      try built.write(to: memory)
      index = try SegmentIndex(sections: memory.sections(header: built.header))
    } catch {
      fatalError("the segment does not open: \(error)")
    }
    let findings = IndexVerification.structuralFindings(of: index)
    guard findings.isEmpty else { fatalError("\(findings)") }
    let query = SegmentQuery(
      metric: form.metric, vector: Array(Sample.values[..<Sample.dimensions]))
    let found = index.search(
      query, limit: form.count, ef: IVFParameters.listRange.upperBound, scratch: SearchScratch())
    guard Set(found.map(\.docID)) == Set(1...UInt64(form.count)), found.count == form.count else {
      fatalError("\(found.count) of \(form.count) rows found")
    }
  }
}
