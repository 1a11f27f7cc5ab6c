import ObjectStorage
import StorageIO

extension Store {
  /// A version of the whole store that stays as it is until it is closed.
  public func snapshot() throws(StoreError) -> Snapshot { try Snapshot(core: core) }

  /// Runs `body` with a snapshot that is closed afterwards: everything it reads belongs to one
  /// version.
  public func read<Result, Failure: Error>(
    _ body: (Snapshot) throws(Failure) -> Result
  ) throws -> Result {
    let snapshot = try snapshot()
    defer { snapshot.close() }
    return try body(snapshot)
  }

  /// How many snapshots of this process are open, and for how long the oldest has been.
  public var openSnapshots: (count: Int, oldestAge: Duration?) { core.snapshots.summary }

  /// The newest version of the store that this process can see. Searches always use the newest
  /// version by themselves, in reader processes too.
  @discardableResult
  public func refresh() throws(StoreError) -> UInt64 {
    let (transaction, state) = try core.capture()
    transaction.end()
    return state.transactionID
  }
}
