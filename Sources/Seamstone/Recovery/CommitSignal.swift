import StorageIO

/// Tells the parts that wait for commits; set once they exist.
final class CommitSignal: Sendable {
  private let action = ConditionLock<(@Sendable () -> Void)?>(nil)

  func set(_ action: @escaping @Sendable () -> Void) { self.action.withLock { $0 = action } }

  func fire() { action.withLock { $0 }?() }
}
