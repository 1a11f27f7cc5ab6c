import ObjectStorage
import StorageIO
import VectorMath

extension CollectionReader {
  func nearVector(
    _ query: NearVector, where filter: Filter?, including content: Content,
    leavingOut id: ObjectID? = nil
  ) throws(StoreError) -> WeaviateResult {
    let metric = state.configuration.metric
    let plan = try query.plan(metric: metric)
    var found = try search(
      query.request(plan, where: filter, without: id), including: content)
    if let id { found.removeAll { $0.id == id } }
    let inside = found.prefix { hit in plan.bound.map { hit.isWithin($0) } ?? true }
    let page = inside.prefix(plan.total).dropFirst(query.offset)
    let kept = Autocut.count(page.map(\.distance), jumps: query.autocut)
    let hits = page.prefix(kept).map { hit in
      WeaviateHit(
        id: hit.id, distance: hit.distance,
        certainty: metric == .cosine ? Certainty.certainty(hit.distance) : nil, object: hit.object)
    }
    return WeaviateResult(hits: hits, truncated: inside.count > plan.total)
  }
}

extension SearchHit {
  /// Whether the hit is inside a bound, which belongs to it, or beyond it by rounding only.
  fileprivate func isWithin(_ bound: Float) -> Bool {
    distance <= bound || Double(distance) - Double(bound) <= NearVector.tolerance
  }
}
