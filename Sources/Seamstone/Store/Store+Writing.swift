import StorageIO

extension Store {
  /// Collects changes and commits them as one: all of them or, if anything is refused, none.
  /// Objects are checked while they are added; nothing is written before `body` returns.
  public func write(_ body: (inout WriteBatch) throws -> Void) throws {
    var batch = WriteBatch()
    try body(&batch)
    guard !batch.operations.isEmpty else { return }
    let changes = batch
    try core.write(byteCount: batch.byteCount) { (context) throws(StoreError) in
      try changes.apply(context)
    }
  }
}
