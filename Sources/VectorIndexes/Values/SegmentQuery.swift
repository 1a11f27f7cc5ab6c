import VectorMath

/// One query vector, prepared once for all segments of a collection.
package struct SegmentQuery: Sendable {
  /// The collection's metric.
  package let metric: Metric
  /// The vector as the caller gave it.
  package let vector: [Float]
  /// The definition of its distances.
  package let exact: ExactDistance

  /// The map that made it of the caller's; nil where it is the caller's.
  let transform: UInt64?

  /// Prepares a query. Segments of other dimensions answer it with nothing.
  package init(metric: Metric, vector: [Float]) {
    self.metric = metric
    self.vector = vector
    exact = ExactDistance(metric: metric, query: vector)
    transform = nil
  }

  /// A query as a map makes rows.
  init(_ query: SegmentQuery, by map: LinearTransform) {
    metric = query.metric
    vector = map.apply(query.vector)
    exact = ExactDistance(metric: query.metric, query: vector)
    transform = map.identifier
  }
}
