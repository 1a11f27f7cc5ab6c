import StorageIO

/// Unlinks the files of replaced segments, as long as the store is open.
///
/// Once it is closed, whoever opens it next removes what was left, and may give the same numbers to
/// new files: nothing that outlived the store (a search that was slow to end, say) may unlink by
/// name then.
final class SegmentReaper: Sendable {
  private let fileSystem: any FileSystem
  private let isClosed = ConditionLock(false)

  init(fileSystem: any FileSystem) { self.fileSystem = fileSystem }

  /// Unlinks a file that nobody uses any more. A failure leaves an orphan, which the next open
  /// removes.
  func remove(_ path: String) {
    isClosed.withLock { isClosed in
      if !isClosed { try? fileSystem.remove(path) }
    }
  }

  /// Unlinks nothing from now on; to be called before the writer lock is released.
  func close() { isClosed.withLock { $0 = true } }
}
