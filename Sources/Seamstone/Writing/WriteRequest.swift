import StorageIO

/// One caller's atomic change, waiting for the writer thread.
final class WriteRequest: Sendable {
  /// Applies the change inside the group's transaction. It may run more than once: when another
  /// request of the group fails, or the map has to grow, the group starts again.
  let apply: @Sendable (WriteContext) throws(StoreError) -> Void
  /// Called on the writer thread when the outcome is known.
  let completion: @Sendable (Result<Void, StoreError>) -> Void
  /// Roughly how many bytes the change writes; bounds the size of a group.
  let byteCount: Int

  init(
    byteCount: Int, apply: @escaping @Sendable (WriteContext) throws(StoreError) -> Void,
    completion: @escaping @Sendable (Result<Void, StoreError>) -> Void
  ) {
    self.byteCount = byteCount
    self.apply = apply
    self.completion = completion
  }
}
