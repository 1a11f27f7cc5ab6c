import VectorMath

/// One query vector, prepared once for all segments of a collection.
package struct SegmentQuery: Sendable {
  /// The collection's metric.
  package let metric: Metric
  /// The vector as the caller gave it; empty for packed bits.
  package let vector: [Float]
  /// The definition of its distances.
  package let exact: ExactDistance

  /// Prepares a query. Segments of other dimensions or another element type answer it with nothing.
  package init(metric: Metric, vector: [Float]) {
    self.metric = metric
    self.vector = vector
    exact = ExactDistance(metric: metric, query: vector)
  }

  /// Prepares a query of either element type.
  package init(metric: Metric, value: VectorValue) {
    self.metric = metric
    vector = value.floats ?? []
    exact = ExactDistance(metric: metric, query: value)
  }

  /// Whether the vector is of the kind that rows of this codec are made from.
  func suits(_ codec: RowCodec) -> Bool {
    exact.dimensions == codec.dimensions && (exact.bits != nil) == codec.holdsBits
  }
}
