import VectorMath

/// One query vector, prepared once for all segments of a collection.
package struct SegmentQuery: Sendable {
  /// The collection's metric.
  package let metric: Metric
  /// The vector as the caller gave it; empty for packed bits.
  package let vector: [Float]
  /// The definition of its distances.
  package let exact: ExactDistance

  /// The map that made it of the caller's; nil where it is the caller's.
  let transform: UInt64?

  /// Prepares a query. Segments of other dimensions or another element type answer it with nothing.
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

  /// Prepares a query of either element type.
  package init(metric: Metric, value: VectorValue) {
    self.metric = metric
    vector = value.floats ?? []
    exact = ExactDistance(metric: metric, query: value)
    transform = nil
  }

  /// Whether the vector is of the kind that rows of this codec are made from.
  func suits(_ codec: RowCodec) -> Bool {
    exact.dimensions == codec.dimensions && (exact.bits != nil) == codec.holdsBits
  }
}
