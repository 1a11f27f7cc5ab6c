/// What a crash leaves of what was not synced.
package enum CrashKind: Int, CaseIterable, Sendable {
  /// All of it: the process died, or the system had just written everything.
  case everything
  /// None of it, neither bytes nor names.
  case nothing
  /// Some blocks of 4 KiB, in any order; names as a journal keeps them: the first few changes.
  case someBlocks
  /// Some sectors of 512 bytes, others with other bytes; of each name the first few changes.
  case someSectors
}
