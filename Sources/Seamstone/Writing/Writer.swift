import ObjectStorage
import StorageIO

/// The store's one writer: a thread of its own that turns groups of requests into LMDB commits.
///
/// An LMDB write transaction belongs to the thread that began it, so everything that writes comes
/// through here, publishing of segments included. A group is committed once for all its requests:
///
///     take group → begin → apply each → install pending state → commit (one sync) → confirm
///
/// A request that fails aborts the group, gets its error, and the others are applied again. A full
/// map is grown and the group applied again. A failed commit leaves the outcome unknown: every
/// request of the group is told so, and the store refuses writes until it is reopened.
final class Writer: Sendable {
  private let environment: LMDBEnvironment
  private let catalog: Catalog
  private let states: StateTable
  private let queue = WriteQueue()
  private let events: EventHub
  private let growth: MapGrowth
  private let poison = ConditionLock<StoreError?>(nil)
  /// Called on the writer thread after every commit.
  private let didCommit: @Sendable (StoreState) -> Void

  init(
    environment: LMDBEnvironment, catalog: Catalog, states: StateTable, events: EventHub,
    growth: MapGrowth,
    didCommit: @escaping @Sendable (StoreState) -> Void
  ) {
    self.environment = environment
    self.catalog = catalog
    self.states = states
    self.events = events
    self.growth = growth
    self.didCommit = didCommit
  }

  /// Why the store refuses writes; nil while it accepts them.
  var poisonedBy: StoreError? { poison.withLock { $0 } }

  /// Queues a request; `completion` is called on the writer thread.
  func submit(_ request: WriteRequest) {
    do throws(StoreError) {
      if let error = poisonedBy { throw error }
      try queue.submit(request)
    } catch {
      request.completion(.failure(error))
    }
  }

  /// Applies a change and waits until it is durable.
  func perform(
    byteCount: Int = 0, _ apply: @escaping @Sendable (WriteContext) throws(StoreError) -> Void
  ) throws(StoreError) {
    let outcome = OneShot<Result<Void, StoreError>>()
    submit(WriteRequest(byteCount: byteCount, apply: apply) { outcome.fulfil($0) })
    try outcome.wait().get()
  }

  /// Refuses further requests and lets the thread end when the waiting ones are done.
  func close() { queue.close() }

  /// The body of the writer thread.
  func run() {
    while true {
      let group = queue.nextGroup()
      if group.isEmpty { return }
      commit(group)
    }
  }

  // MARK: - One group

  private func commit(_ requests: [WriteRequest]) {
    var group = requests
    while !group.isEmpty {
      if let error = poisonedBy {
        for request in group { request.completion(.failure(error)) }
        return
      }
      switch attempt(group) {
      case .committed(let context):
        context.retireReplacedSegments()
        didCommit(context.state)
        for request in group { request.completion(.success(())) }
        return
      case .failed(let index, let error):
        group.remove(at: index).completion(.failure(error))
      case .mapFull:
        do throws(StoreError) {
          try growth.grow(environment)
        } catch {
          for request in group { request.completion(.failure(error)) }
          return
        }
      case .groupFailed(let error):
        for request in group { request.completion(.failure(error)) }
        return
      }
    }
  }

  private enum Attempt {
    case committed(WriteContext)
    /// The request at this index failed; nothing was written.
    case failed(Int, StoreError)
    case mapFull
    case groupFailed(StoreError)
  }

  private func attempt(_ group: [WriteRequest]) -> Attempt {
    let transaction: WriteTransaction
    do throws(StoreError) {
      transaction = try environment.beginWrite()
    } catch {
      return error.code == .mapFull ? .mapFull : .groupFailed(error)
    }
    let context = WriteContext(
      transaction: transaction, catalog: catalog, state: states.current)
    for (index, request) in group.enumerated() {
      do throws(StoreError) {
        try request.apply(context)
      } catch {
        transaction.abort()
        return error.code == .mapFull ? .mapFull : .failed(index, error)
      }
    }
    do throws(StoreError) {
      try context.finish()
    } catch {
      transaction.abort()
      return error.code == .mapFull ? .mapFull : .groupFailed(error)
    }
    return commit(context)
  }

  private func commit(_ context: WriteContext) -> Attempt {
    states.install(pending: context.state)
    do throws(StoreError) {
      try context.transaction.commit()
      states.confirmPending()
      return .committed(context)
    } catch {
      // What LMDB shows after a failed sync is its own affair; both versions stay at hand.
      if error.code != .outcomeUnknown { states.dropPending() }
      switch error.code {
      case .mapFull: return .mapFull
      case .outcomeUnknown:
        let poisoned = StoreError(
          .poisoned, "The store refuses writes since a sync failed", at: error.location,
          cause: error.description, remedy: "Close the store, check the disk, and open it again")
        poison.withLock { $0 = poisoned }
        events.emit(StoreEvent(kind: .poisoned, message: error.description))
        return .groupFailed(error)
      default: return .groupFailed(error)
      }
    }
  }
}
