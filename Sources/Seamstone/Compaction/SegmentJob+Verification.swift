import StorageIO
import VectorIndexes

/// The self-check before a segment is published: a damaged or badly connected graph would answer
/// wrongly for as long as the segment lives.
extension SegmentJob {
  /// One way to build the segment.
  struct Attempt {
    let kind: IndexKind
    /// The graph to reuse.
    let base: SegmentIndex?
    let encoding: EncodingPlan
    /// Whether floats take the place of int8 codes.
    var standsInForCodes = false
  }

  /// What is tried, in this order.
  var attempts: [Attempt] {
    encoding.kind == .int8 && wereFloats ? floatAttempts : attempts(encoding)
  }

  /// Whether codes could not tell most of the vectors apart the last time, by the same transform.
  private var wereFloats: Bool {
    let old = collection.segments.filter { replaced.contains($0.entry.number) }
    let configuration = collection.configuration
    let floats = old.filter { segment in
      guard let index = segment.handle?.index, index.standsInForCodes else { return false }
      return configuration.transformPlan(dimensions: index.dimensions)
        .applied(toRows: index.count).isInterchangeable(with: index.transform?.plan ?? .none)
    }
    let rows = floats.reduce(0) { $0 + $1.entry.rowCount }
    return rows > 0 && rows * 2 >= old.reduce(0) { $0 + $1.entry.rowCount }
  }

  /// What is tried where int8 codes do not do.
  var floatAttempts: [Attempt] {
    attempts(.float32).map { attempt in
      var attempt = attempt
      attempt.standsInForCodes = true
      return attempt
    }
  }

  private func attempts(_ encoding: EncodingPlan) -> [Attempt] {
    let flat = Attempt(kind: .flat, base: nil, encoding: encoding)
    let kind = collection.configuration.indexKind
    guard asGraph, kind != .flat else { return [flat] }
    let other = kind.with(seed: kind.seed &+ 1)
    return [
      Attempt(kind: kind, base: base, encoding: encoding),
      Attempt(kind: other, base: nil, encoding: encoding), flat,
    ]
  }

  /// Less than this share of the nearest neighbours among what int8 codes propose is too little.
  private static let leastFidelity = 0.99

  /// Whether int8 codes tell the vectors of a segment apart. Coarser encodings, and transforms that leave
  /// components out, were chosen by somebody who knows what they cost.
  func isFaithful(_ index: SegmentIndex, _ source: OriginalSource) throws(StoreError) -> Bool {
    guard index.encoding == .int8, encoding.kind == .int8, index.transform?.isReducing != true
    else { return true }
    var fidelity = CodeFidelity()
    fidelity.isCancelled = { isObsolete }
    return try fidelity.recall(index, source) >= Self.leastFidelity
  }

  /// What is wrong with a built segment; empty for a sound one.
  func verify(_ index: SegmentIndex, _ source: OriginalSource) throws(StoreError) -> [String] {
    var check = IndexVerification()
    check.threads = core.threads
    check.originals = source
    check.isCancelled = { isObsolete }
    return try check.check(index).findings
  }
}
