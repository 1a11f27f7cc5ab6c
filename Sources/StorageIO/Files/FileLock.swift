/// A lock on a file, held until `release()` or deinit.
///
/// It belongs to the open file, not to the process: a second lock of the same path conflicts even
/// inside one process. Children that were forked while it was held inherit it: they keep it alive if
/// this process dies, but `release()` gives it back for all of them.
package final class FileLock: Sendable {
  /// The file that is locked.
  package let path: String
  private let state: ConditionLock<(@Sendable () -> Void)?>

  /// Wraps a lock that `release` gives back.
  package init(path: String, release: @escaping @Sendable () -> Void) {
    self.path = path
    state = ConditionLock(release)
  }

  deinit { release() }

  /// Gives the lock back; further calls do nothing.
  package func release() {
    let body = state.withLock { state in
      let body = state
      state = nil
      return body
    }
    body?()
  }
}
