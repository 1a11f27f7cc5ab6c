import FuzzSamples
import StorageIO
import VectorIndexes
import VectorMath

/// Gives any bytes to a build as what a collection keeps for its segments: the centroids of inverted lists.
///
/// Strategy: the first byte chooses the metric, the rest is the artifact as it stands in LMDB behind its checksum; the
/// seeds are centroids that builds have trained, a few of them of wrong sizes.
/// Invariants: the artifact is used as it is, or the build trains as if there were none; the segment then opens, is sound,
/// and a search that looks into all lists finds every row once.
enum ArtifactTarget {
  /// Rows of the segment: enough for six lists, few enough to train in no time.
  private static let count = 64
  private static let parameters = IVFParameters(lists: 6)
  private static let metrics = Metric.allCases.filter { $0 != .hamming }

  /// What a build without an artifact trains, by metric.
  private static let trained: [[UInt8]] = metrics.map { metric in
    guard let artifact = build(metric, nil).artifacts.first else {
      fatalError("nothing was trained")
    }
    return artifact.bytes
  }

  static let check: @Sendable ([UInt8]) -> Void = { bytes in
    guard let first = bytes.first else { return }
    let number = Int(first) % metrics.count
    let given = SharedArtifact(identifier: 1, bytes: Array(bytes.dropFirst()))
    let built = build(metrics[number], given)
    guard let artifact = built.artifacts.first else { fatalError("the lists have no centroids") }
    guard artifact.bytes == given.bytes || artifact.bytes == trained[number] else {
      fatalError("neither what was given nor what is trained without it")
    }
    search(built, metrics[number])
  }

  private static func build(_ metric: Metric, _ artifact: SharedArtifact?) -> BuiltSegment {
    let source = ArrayVectorSource(
      docIDs: (1...UInt64(count)).map { $0 },
      values: Array(Sample.values[..<(count * Sample.dimensions)]),
      dimensions: Sample.dimensions)
    do throws(StoreError) {
      var builder = SegmentBuilder(
        kind: .ivf(parameters), encoding: .int8, metric: metric, dimensions: Sample.dimensions,
        interval: 1...UInt64(count), threads: 1)
      builder.artifact = artifact
      return try builder.build(from: source)
    } catch {
      fatalError("a build fails because of an artifact: \(error)")
    }
  }

  private static func search(_ built: BuiltSegment, _ metric: Metric) {
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
      metric: metric, vector: Array(Sample.values[..<Sample.dimensions]))
    let found = index.search(
      query, limit: count, ef: IVFParameters.listRange.upperBound, scratch: SearchScratch())
    guard Set(found.map(\.docID)) == Set(1...UInt64(count)), found.count == count else {
      fatalError("\(found.count) of \(count) rows found")
    }
  }
}
