import ObjectStorage
import StorageIO
import Synchronization

/// One committed version of a whole store: objects, originals and indexes, as they were when it was
/// taken, while writes and compaction go on.
///
/// A snapshot pins what it sees: LMDB cannot reuse pages that it needs, and segment files that were
/// replaced stay until it is closed. Close it when it is no longer needed (its deinit does so too).
/// It may be used from several threads; its reads run one after another.
public final class Snapshot: Sendable {
  private struct Resources {
    let transaction: ReadTransaction
    let state: StoreState
  }
  // The transaction is used by one thread at a time, under this lock.
  private let resources: ConditionLock<Resources?>
  private let core: StoreCore
  private let number: Atomic<UInt64>
  /// The version: grows with every commit of the store.
  public let version: UInt64

  init(core: StoreCore) throws(StoreError) {
    let (transaction, state) = try core.capture()
    self.core = core
    version = state.transactionID
    resources = ConditionLock(Resources(transaction: transaction, state: state))
    number = Atomic(0)
    number.store(core.snapshots.register(self), ordering: .relaxed)
    // Closing closes the snapshots that it finds; it may have looked just before this one came.
    if core.isClosing {
      close()
      throw StoreError.storeClosed
    }
  }

  deinit { close() }

  /// Releases everything the snapshot holds. Later reads throw `closed`; closing twice is fine.
  public func close() {
    let released = resources.withLock { resources -> Resources? in
      defer { resources = nil }
      return resources
    }
    guard let released else { return }
    released.transaction.end()
    core.snapshots.remove(number.load(ordering: .relaxed))
  }

  /// Whether `close` was called, by the owner or because of the age limit.
  public var isClosed: Bool { resources.withLock { $0 == nil } }

  /// The names of the collections of this version, sorted.
  public var collectionNames: [String] {
    resources.withLock { $0?.state.collections.values.map(\.name).sorted() ?? [] }
  }

  /// A collection of this version. Throws `notFound`, or `closed` after `close()`.
  public func collection(_ name: String) throws(StoreError) -> CollectionSnapshot {
    let number = try withState { (_, state) throws(StoreError) -> UInt32 in
      guard let collection = state.collection(named: name) else {
        throw StoreError.collectionNotFound(
          name, existing: state.collections.values.map(\.name))
      }
      return collection.number
    }
    return CollectionSnapshot(snapshot: self, core: core, number: number, name: name)
  }

  /// Runs `body` with the transaction and the state, alone.
  func withState<Result>(
    _ body: (ReadTransaction, StoreState) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try resources.withLock { (resources) throws(StoreError) in
      guard let resources else {
        throw StoreError(
          .closed, "The snapshot was closed",
          remedy: "Take a new one with Store.snapshot(), or read inside Store.read")
      }
      return try body(resources.transaction, resources.state)
    }
  }
}
