public import ObjectStorage
public import VectorMath

/// What an index of a kind of your own is over.
public struct CustomIndexShape: Hashable, Sendable {
  /// Rows of the segment, which are called 0, 1, 2, …
  public let count: Int
  /// Components of each vector.
  public let dimensions: Int
  /// How distances are measured.
  public let metric: Metric
  /// The settings in the collection's configuration when it was built.
  public let settings: [String: PropertyValue]
}
