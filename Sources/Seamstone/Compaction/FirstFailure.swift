import StorageIO

/// Does several pieces of work, of which one that fails is not tried again and holds up no other.
struct FirstFailure<Step: Hashable> {
  private var failed: Set<Step> = []
  private var first: StoreError?

  /// Runs `body` unless it has failed before; nil if it fails.
  mutating func attempt(_ step: Step, _ body: () throws(StoreError) -> Bool) -> Bool? {
    if failed.contains(step) { return nil }
    do throws(StoreError) {
      return try body()
    } catch {
      failed.insert(step)
      if first == nil { first = error }
      return nil
    }
  }

  /// Throws the first failure, if there was one.
  func rethrow() throws(StoreError) {
    if let first { throw first }
  }
}
