import StorageIO

/// A value that one thread hands to another that waits for it.
final class OneShot<Value: Sendable>: Sendable {
  private let value = ConditionLock<Value?>(nil)

  /// Hands over the value; later calls are ignored.
  func fulfil(_ value: Value) {
    self.value.update { if $0 == nil { $0 = value } }
  }

  /// Waits for the value.
  func wait() -> Value { value.wait { $0 } }
}
