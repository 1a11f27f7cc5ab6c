/// How far an import is.
public struct ImportProgress: Sendable, Hashable {
  /// What is being done.
  public enum Phase: Sendable, Hashable {
    /// Rows are read and written.
    case rows
    /// All rows are on disk; the index is built.
    case indexing
  }

  /// What is being done.
  public var phase: Phase
  /// What has been done so far: it stays, whatever happens to the rest.
  public var summary: ImportSummary
  /// The share of the file that is read, 0 to 1; nil for a pipe. Of the index, `Collection.indexing` tells more.
  public var fraction: Double?
}
