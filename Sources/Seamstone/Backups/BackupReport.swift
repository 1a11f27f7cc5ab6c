/// What a backup or a restore has done.
public struct BackupReport: Sendable {
  /// The version of the store that was copied: every commit up to it, none after.
  public var version: UInt64 = 0
  /// Bytes of LMDB's file.
  public var objectBytes = 0
  /// Segments that were there from an earlier backup.
  public var reusedSegments = 0
  /// Segments that got a second name, which takes no space.
  public var linkedSegments = 0
  /// Segments that were copied.
  public var copiedSegments = 0
  /// Bytes of those.
  public var copiedSegmentBytes = 0
  /// Segments that are damaged or missing in the source. They are made again from the originals by whoever opens
  /// the copy for writing.
  public var missingSegments = 0
  /// What the check of the copy found; nil if none was asked for.
  public var verification: VerificationReport?
}
