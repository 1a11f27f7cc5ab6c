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
  }

  /// What is tried, in this order.
  var attempts: [Attempt] {
    let flat = Attempt(kind: .flat, base: nil)
    guard asGraph, case .hnsw(let parameters) = collection.configuration.indexKind else {
      return [flat]
    }
    var other = parameters
    other.seed &+= 1
    return [
      Attempt(kind: .hnsw(parameters), base: base), Attempt(kind: .hnsw(other), base: nil), flat,
    ]
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
