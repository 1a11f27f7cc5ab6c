import VectorIndexes

extension CollectionState {
  /// Whether a segment is not yet as the configuration wants it, or is being rebuilt.
  var isConverting: Bool {
    segments.contains { $0.handle == nil || $0.isOutdated(for: configuration) }
  }

  /// Notes that the configuration was changed. Where segments have to be built anew for that, what there was
  /// before is remembered until they are.
  mutating func didReconfigure(from earlier: CollectionState) {
    let origin =
      earlier.conversion.origin
      ?? Conversion.Origin(
        configuration: earlier.configuration, settings: earlier.weaviateClass?.index.named)
    let isOutdated = segments.contains { $0.isOutdated(for: configuration) }
    let isGoingBack = origin.configuration.wantsSameSegments(as: configuration)
    if !earlier.configuration.wantsSameSegments(as: configuration) { conversion.failure = nil }
    conversion.origin = isOutdated && !isGoingBack ? origin : nil
  }
}

extension CollectionConfiguration {
  /// Whether segments that serve one of the two serve the other.
  func wantsSameSegments(as other: CollectionConfiguration) -> Bool {
    let width = dimensions ?? other.dimensions ?? 1
    return indexKind == other.indexKind && graphRows == other.graphRows
      && transformPlan(dimensions: width)
        .isInterchangeable(with: other.transformPlan(dimensions: width))
      && encodingPlan(dimensions: width)
        .isInterchangeable(with: other.encodingPlan(dimensions: width))
  }
}
