/// How far the background work on a collection is.
public struct IndexingProgress: Sendable, Equatable {
  /// What is being done.
  public enum Phase: String, Sendable, CaseIterable {
    /// Nothing at the moment.
    case idle
    /// The tail is being written to a segment.
    case sealing
    /// Segments are being merged or rebuilt.
    case merging
    /// A segment is being rebuilt as the configuration, which was changed, wants it.
    case converting
  }

  /// What is being done.
  public var phase: Phase
  /// The share of the running job that is done, 0 to 1.
  public var fraction: Double
  /// Vectors that no segment holds yet.
  public var tailCount: Int
  /// Searchable segments.
  public var segmentCount: Int
  /// Vectors in segments that are still of the kind or encoding that the collection had before.
  public var outdatedCount: Int
  /// Why the last conversion was given up, if it was; nil again when the next one is asked for.
  public var conversionFailure: String?
}
