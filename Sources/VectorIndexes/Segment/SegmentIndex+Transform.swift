import VectorMath

extension SegmentIndex {
  /// A query as the rows are: made by the segment's transform, once. `nil` for one of other dimensions or another element type.
  func local(_ query: SegmentQuery, _ scratch: SearchScratch) -> SegmentQuery? {
    guard let transform else { return query.suits(codec) ? query : nil }
    if query.transform == transform.identifier, query.suits(codec) { return query }
    guard query.vector.count == dimensions else { return nil }
    if let known = scratch.transformed, known.made.transform == transform.identifier,
      known.made.vector.count == rowDimensions, known.made.metric == query.metric,
      known.query == query.vector
    {
      return known.made
    }
    let made = SegmentQuery(query, by: transform)
    scratch.transformed = (query.vector, made)
    return made
  }
}
