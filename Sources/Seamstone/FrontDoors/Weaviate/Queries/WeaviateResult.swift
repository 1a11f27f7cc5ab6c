import ObjectStorage

/// What a ``NearVector`` search found.
public struct WeaviateResult: Hashable, Sendable {
  /// The objects, closest first.
  public var hits: [WeaviateHit]
  /// Whether there are objects inside the bound beyond those that were looked at: beyond the limit, or beyond
  /// ``NearVector/maximumResults``. What an autocut left out does not count. False without a bound.
  public var truncated: Bool
}

/// One object that a ``NearVector`` search found.
public struct WeaviateHit: Hashable, Sendable, Identifiable {
  /// The object's id.
  public var id: ObjectID
  /// The distance to the query by the collection's metric; smaller is closer.
  public var distance: Float
  /// 1 - distance / 2 for the metric cosine; nil for the others.
  public var certainty: Float?
  /// The object.
  public var object: VectorObject
}
