import ObjectStorage
import StorageIO

/// Objects of one kind with one vector each, and the index that searches them.
///
/// A `Collection` is a light handle on its store; make as many as you like, use them from any thread.
/// Writes are durable when they return and are seen by the next search.
public final class Collection: Sendable {
  let store: Store
  let number: UInt32
  /// The collection's name.
  public let name: String

  var core: StoreCore { store.core }

  init(store: Store, number: UInt32, name: String) {
    self.store = store
    self.number = number
    self.name = name
  }

  /// The configuration in force, with the dimensions once they are known.
  public func configuration() throws(StoreError) -> CollectionConfiguration {
    try state { $0.configuration }
  }

  /// Live objects, those without a vector included.
  public func count() throws(StoreError) -> Int { try state { Int($0.counters.objectCount) } }

  /// Whether mutating calls are refused: since `setReadOnly`, or while a conversion runs that a changed class
  /// asked for. Both are kept across reopening.
  public var isReadOnly: Bool {
    get throws(StoreError) { try state { $0.readOnlyError != nil } }
  }

  /// Makes every mutating call throw `readOnly` from now on, or accepts them again. A running conversion that
  /// refuses writes goes on refusing them until it is over.
  /// - Parameter reason: What the errors say.
  public func setReadOnly(_ isReadOnly: Bool, because reason: String? = nil) throws(StoreError) {
    try core.write { [number] (context) throws(StoreError) in
      try context.setReadOnly(isReadOnly, because: reason, number)
    }
  }

  /// The newest state, for what needs no LMDB transaction.
  func state<Result>(
    _ body: (CollectionState) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try core.read(number, name: name) { (_, state) throws(StoreError) in try body(state) }
  }

  func read<Result>(
    _ body: (CollectionReader) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try core.read(number, name: name) { (transaction, state) throws(StoreError) in
      try body(
        CollectionReader(state: state, transaction: transaction, contexts: core.contexts))
    }
  }
}
