/// How far a backup or a restore is.
public struct BackupProgress: Sendable, Equatable {
  /// What is being done.
  public enum Phase: String, Sendable {
    /// LMDB's file is copied: objects, originals, everything that cannot be made again. One call of LMDB's, so
    /// nothing is known of how far it is.
    case objects
    /// Segment files are linked or copied.
    case segments
    /// What was copied is read and compared.
    case verifying
  }

  /// What is being done.
  public var phase: Phase
  /// Bytes of this phase that are done.
  public var completedBytes: Int
  /// Bytes that the phase will take.
  public var totalBytes: Int
}
