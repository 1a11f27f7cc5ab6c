import VectorMath

/// One query vector, prepared once for all segments of a collection.
package struct SegmentQuery: Sendable {
  /// The collection's metric.
  package let metric: Metric
  /// The vector as the caller gave it.
  package let vector: [Float]
  /// The definition of its distances.
  package let exact: ExactDistance

  /// Prepares a query. Segments of other dimensions answer it with nothing.
  package init(metric: Metric, vector: [Float]) {
    self.metric = metric
    self.vector = vector
    exact = ExactDistance(metric: metric, query: vector)
  }
}
