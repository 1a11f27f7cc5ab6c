/// A counting semaphore for threads.
package final class ThreadSemaphore: Sendable {
  private let count: ConditionLock<Int>

  /// Creates a semaphore that lets `count` waiters pass.
  package init(_ count: Int = 0) { self.count = ConditionLock(count) }

  /// Lets one more waiter pass.
  package func signal() { count.update { $0 += 1 } }

  /// Blocks until a signal can be taken.
  package func wait() { count.wait { Self.take(&$0) } }

  /// Blocks until a signal can be taken; false if `timeout` passed first.
  package func wait(timeout: Duration) -> Bool {
    count.wait(timeout: timeout) { Self.take(&$0) } != nil
  }

  private static func take(_ count: inout Int) -> Void? {
    guard count > 0 else { return nil }
    count -= 1
    return ()
  }
}
