import StorageIO

/// The self-check of a finished segment: is its structure sound, and does it find what it holds?
/// A graph that fails is never published.
package struct IndexVerification: Sendable {
  /// Rows used as queries, at most; fewer for large segments, see `comparisonBudget`. Of small ones not all, so that
  /// the check costs a part of the build: reachability is checked of every row in any case.
  package var samples = 1000
  /// One of so many rows is used, and of the smallest segments these at least.
  private static let (spacing, leastSamples) = (8, 128)
  /// Neighbours asked for.
  package var k = 10
  /// Lowest acceptable mean recall of the k nearest nodes, in the metric of the codes; nil for what suits the
  /// encoding. Links are chosen by finer codes than rough encodings have: their walks stray more.
  package var leastRecall: Double?
  /// Lowest acceptable share of samples that find something as near as themselves; nil for what suits the
  /// encoding.
  package var leastSelfFound: Double?
  /// The originals, for encodings whose rows are no vectors that could be searched for; without them the
  /// recall of those is not measured.
  package var originals: (any VectorSource)?
  /// Row comparisons spent on exact answers: bounds the time, about a second for each 3 · 10^8.
  package var comparisonBudget = 300_000_000
  /// Memory for prepared queries.
  static let mostQueryBytes = 16 << 20
  /// Threads to use.
  package var threads = 1
  /// True ends the check with `cancelled`.
  package var isCancelled: @Sendable () -> Bool = { false }

  /// A check with the usual floors.
  package init() {}

  /// What a check found.
  package struct Outcome: Sendable {
    /// What is wrong, in words; empty for a sound segment.
    package var findings: [String] = []
    /// Mean recall of the samples; 1 for flat and empty segments.
    package var recall = 1.0
    /// Share of the samples that found themselves.
    package var selfFound = 1.0
    /// Rows used as queries.
    package var samples = 0
    /// Whether the segment may be published.
    package var passed: Bool { findings.isEmpty }
  }

  /// What is wrong with the numbers of a segment that point somewhere: rows and DocIDs, links, reachability.
  /// Empty for a sound one.
  package static func structuralFindings(of index: SegmentIndex) -> [String] {
    StructureCheck(index).findings()
  }

  /// Checks a segment.
  package func check(_ index: SegmentIndex) throws(StoreError) -> Outcome {
    var outcome = Outcome()
    outcome.findings = Self.structuralFindings(of: index)
    if !outcome.passed || index.kind == .flat || index.count == 0 { return outcome }
    try checkCancelled()
    try measure(index, &outcome)
    let leastRecall = leastRecall ?? index.encoding.leastRecall
    let leastSelfFound = leastSelfFound ?? index.encoding.leastSelfFound
    if outcome.recall < leastRecall {
      outcome.findings.append("recall \(outcome.recall) is below \(leastRecall)")
    }
    if outcome.selfFound < leastSelfFound {
      outcome.findings.append(
        "\(outcome.selfFound) of the samples find themselves, fewer than \(leastSelfFound)")
    }
    return outcome
  }

  /// How many of a segment's nodes are searched for.
  func sampleCount(of nodes: Int, queryBytes: Int) -> Int {
    // Prepared queries may be large tables.
    let most = max(100, Self.mostQueryBytes / max(1, queryBytes))
    let affordable = max(100, comparisonBudget / max(1, nodes))
    let wanted = max(Self.leastSamples, nodes / Self.spacing)
    return max(1, min(samples, nodes, wanted, most, affordable))
  }

  func checkCancelled() throws(StoreError) {
    if isCancelled() { throw StoreError(.cancelled, "checking the segment was cancelled") }
  }
}

extension VectorEncodingKind {
  /// The floor of a graph's recall by its own codes. Sound graphs reach 0.95 and more with fine codes; with
  /// signs, ties and estimates alone lose a good part.
  fileprivate var leastRecall: Double {
    switch self {
    case .float32, .float16, .int8, .bits: 0.8
    case .int4, .pq: 0.7
    case .binary, .rabitq: 0.5
    }
  }

  /// The floor of the share of samples that find what is nearest by their codes.
  fileprivate var leastSelfFound: Double {
    switch self {
    case .float32, .float16, .int8, .bits: 0.99
    case .int4, .pq: 0.97
    case .binary, .rabitq: 0.9
    }
  }
}
