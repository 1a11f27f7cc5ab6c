public import ObjectStorage

/// One result of a search.
public struct SearchHit<Object: Sendable>: Sendable, Identifiable {
  /// The id of the object.
  public var id: ObjectID
  /// The distance to the query by the collection's metric; smaller is closer.
  public var distance: Float
  /// The object, of the version that was searched.
  public var object: Object

  /// Creates a result.
  public init(id: ObjectID, distance: Float, object: Object) {
    self.id = id
    self.distance = distance
    self.object = object
  }
}

extension SearchHit: Equatable where Object: Equatable {}
extension SearchHit: Hashable where Object: Hashable {}
