import ObjectStorage
import StorageIO
import VectorMath

/// Live vectors that search for themselves.
extension ConsistencyCheck {
  /// Vectors that search for themselves; more in a deep check.
  private var sampleSize: Int { deep ? 1_000 : 100 }
  /// The share of the sample that may be missed: graphs are allowed to lose a node here and there.
  private static let mostMissed = 0.05
  /// So many may be missed however small the sample is.
  private static let fewMissed = 3
  /// Candidates of the second try.
  private static let wideBeam = 2_000

  func searches(_ report: inout VerificationReport) throws(StoreError) {
    // Without rescoring distances are estimates, and nothing can be said of single vectors.
    guard collection.configuration.encoding.rescoring != .off,
      collection.weaviateClass?.isSkipped != true
    else { return }
    let reader = CollectionReader(
      state: collection, transaction: transaction, contexts: core.contexts)
    let sample = try reader.sample(sampleSize, seed: collection.counters.nextDocID)
    var missed = 0
    for object in sample {
      guard let vector = object.value else { continue }
      if try finds(vector, reader, ef: nil) { continue }
      if try !finds(vector, reader, ef: Self.wideBeam) { missed += 1 }
    }
    report.samples += sample.count
    if missed > max(Self.fewMissed, Int(Double(sample.count) * Self.mostMissed)) {
      add(&report, .segment, "\(missed) of \(sample.count) sampled vectors do not find themselves")
    }
  }

  /// By distance: a copy of the vector, or for dot a longer one, is as good an answer.
  private func finds(
    _ vector: VectorValue, _ reader: CollectionReader, ef: Int?
  ) throws(StoreError) -> Bool {
    let hits = try reader.hits(
      SearchRequest(
        vector: vector, limit: ef == nil ? 1 : 50, ef: ef, filter: nil, isExact: false))
    let own = ExactDistance(metric: collection.configuration.metric, query: vector)
    let limit = unsafe vector.withUnsafeBytes { row in
      unsafe row.baseAddress.map { unsafe own.distance(toUnaligned: $0) } ?? 0
    }
    return hits.first.map { $0.distance <= limit } ?? false
  }
}
