/// What an import has done.
public struct ImportSummary: Sendable, Hashable {
  /// The rows that are in the collection, on disk.
  public internal(set) var rows = 0
  /// How many of them made new objects. The others replaced objects, which may have come with an earlier row.
  public internal(set) var inserted = 0
  /// How many of them replaced objects.
  public var replaced: Int { rows - inserted }
  /// The batches in which they were committed.
  public internal(set) var batches = 0
  /// The rows that no search for neighbours finds.
  public internal(set) var withoutVector = VectorlessRows()

  /// What an import has done that has only begun.
  package init() {}
}
