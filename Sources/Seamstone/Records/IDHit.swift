public import ObjectStorage

/// One result of a search that fetches no objects: an id and its distance.
public struct IDHit: Sendable, Hashable, Identifiable {
  /// The id of the object.
  public var id: ObjectID
  /// The distance to the query by the collection's metric; smaller is closer.
  public var distance: Float

  /// Creates a result.
  public init(id: ObjectID, distance: Float) {
    self.id = id
    self.distance = distance
  }
}
