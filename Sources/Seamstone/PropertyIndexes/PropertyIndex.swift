/// An index on a property of a collection's objects; see ``Collection/createPropertyIndex(_:)``.
public struct PropertyIndex: Sendable, Hashable, Codable {
  /// The property.
  public let path: PropertyPath
  /// Whether it covers all objects; before that, filters do without it.
  public let isComplete: Bool
}
