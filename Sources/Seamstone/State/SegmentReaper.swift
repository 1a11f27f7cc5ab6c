import StorageIO

/// Unlinks the files of replaced segments, as long as the store is open.
///
/// Once it is closed, whoever opens it next removes what was left, and may give the same numbers to
/// new files: nothing that outlived the store (a search that was slow to end, say) may unlink by
/// name then.
final class SegmentReaper: Sendable {
  private struct State {
    var isClosed = false
    /// How many ask for files to stay.
    var holds = 0
    /// What is to be unlinked when nobody does any more.
    var waiting: [String] = []
  }
  private let fileSystem: any FileSystem
  private let state = ConditionLock(State())

  init(fileSystem: any FileSystem) { self.fileSystem = fileSystem }

  /// Unlinks a file that nobody uses any more, as soon as nobody holds files back. A failure leaves an
  /// orphan, which the next open removes.
  func remove(_ path: String) {
    state.withLock { state in
      if state.isClosed { return }
      if state.holds > 0 {
        state.waiting.append(path)
      } else {
        try? fileSystem.remove(path)
      }
    }
  }

  /// Keeps the files of segments that are replaced from now on until `release`.
  func hold() { state.withLock { $0.holds += 1 } }

  /// Ends one `hold`.
  func release() {
    state.withLock { state in
      state.holds -= 1
      guard state.holds == 0 else { return }
      if !state.isClosed {
        for path in state.waiting { try? fileSystem.remove(path) }
      }
      state.waiting = []
    }
  }

  /// Unlinks nothing from now on; to be called before the writer lock is released.
  func close() { state.withLock { $0.isClosed = true } }
}
