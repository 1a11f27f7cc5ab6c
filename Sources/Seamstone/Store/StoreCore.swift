import Logging
import ObjectStorage
import StorageIO
import Synchronization
import VectorIndexes

/// The parts of an open store and how they hold together. `Store` is its public face.
///
/// The core knows no policy: it owns the LMDB environment, the table of versions, the writer and the
/// pools, and hands read transactions paired with their state to whoever searches.
final class StoreCore: Sendable {
  let path: String
  let segmentDirectory: String
  let options: StoreOptions
  /// The index kinds of others.
  let engines: CustomEngines
  let fileSystem: any FileSystem
  let reaper: SegmentReaper
  let environment: LMDBEnvironment
  let catalog: Catalog
  let states: StateTable
  let writer: Writer
  let events: EventHub
  let progress = ProgressHub()
  let snapshots: SnapshotRegistry
  let activity = Activity()
  let contexts = SearchContextPool()
  let residency: Residency
  let workers = WorkerThreads(maximum: 8)
  let backPressure: BackPressure
  /// Brings a reader process's state up to a newer transaction; nil in the writer process.
  let follower: ReaderFollower?
  private let nextSegment: Atomic<UInt64>
  private let closing = Atomic<Bool>(false)

  init(
    path: String, options: StoreOptions, fileSystem: any FileSystem, reaper: SegmentReaper,
    environment: LMDBEnvironment,
    catalog: Catalog, state: StoreState, nextSegment: UInt64, events: EventHub,
    follower: ReaderFollower?,
    didCommit: @escaping @Sendable (StoreState) -> Void
  ) {
    self.path = path
    self.options = options
    engines = options.engines
    self.fileSystem = fileSystem
    self.reaper = reaper
    self.environment = environment
    self.catalog = catalog
    self.events = events
    self.follower = follower
    self.nextSegment = Atomic(nextSegment)
    segmentDirectory = StorePaths(path).segments
    states = StateTable(state)
    residency = Residency(budget: options.residentBytes)
    snapshots = SnapshotRegistry()
    backPressure = BackPressure(limits: options.compaction)
    writer = Writer(
      environment: environment, catalog: catalog, states: states, events: events,
      growth: MapGrowth(
        snapshots: snapshots, events: events, timeout: options.mapGrowthTimeout,
        maximumSnapshotAge: options.maximumSnapshotAge),
      didCommit: didCommit)
  }

  /// Threads that a build may use.
  var threads: Int { options.threads > 0 ? options.threads : ProcessorCount.online }

  /// Whether the store is being closed; long work looks at it and stops.
  var isClosing: Bool { closing.load(ordering: .acquiring) }

  func beginClosing() { closing.store(true, ordering: .releasing) }

  /// A number for a new segment file. Numbers of files that were never published are given out
  /// again after a restart; by then recovery has removed those files.
  func takeSegmentNumber() -> UInt64 {
    nextSegment.wrappingAdd(1, ordering: .relaxed).oldValue
  }

  /// Leaves the numbers up to this one to others.
  func skipSegmentNumbers(through number: UInt64) {
    nextSegment.max(number + 1, ordering: .relaxed)
  }

  func segmentPath(_ number: UInt64) -> String { StorePaths(path).segment(number) }

  /// A read transaction and the state of exactly its version. The caller ends the transaction.
  func capture() throws(StoreError) -> (ReadTransaction, StoreState) {
    if isClosing { throw StoreError.storeClosed }
    // A reader process may find a commit it has not followed yet, and while it does, another one.
    for attempt in 0..<16 {
      let (transaction, state) = try states.capture { () throws(StoreError) in
        try environment.beginRead()
      }
      if let state { return (transaction, state) }
      guard let follower else {
        transaction.end()
        break
      }
      do throws(StoreError) {
        try follower.follow(transaction, core: self, tolerant: attempt >= 4)
      } catch {
        transaction.end()
        throw error
      }
      if let state = states.state(of: transaction.transactionID) { return (transaction, state) }
      transaction.end()
    }
    throw StoreError(
      .internalError, "No state was found for the newest transaction", at: .init(path: path),
      remedy: "Try again; if it happens repeatedly, reopen the store")
  }

  /// Runs `body` with a read transaction of the newest version.
  func withReadTransaction<Result>(
    _ body: (ReadTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let transaction = try environment.beginRead()
    defer { transaction.end() }
    return try body(transaction)
  }

  /// Runs `body` with the newest version of one collection.
  func read<Result>(
    _ number: UInt32, name: String,
    _ body: (ReadTransaction, CollectionState) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let (transaction, state) = try capture()
    defer { transaction.end() }
    guard let collection = state.collections[number] else {
      throw StoreError.collectionDropped(name)
    }
    return try body(transaction, collection)
  }

  /// Queues a change, waits until it is durable; refused in reader processes.
  func write(
    byteCount: Int = 0, _ apply: @escaping @Sendable (WriteContext) throws(StoreError) -> Void
  ) throws(StoreError) {
    if isClosing { throw StoreError.storeClosed }
    if options.readOnly { throw StoreError.readOnlyStore(path) }
    try writer.perform(byteCount: byteCount, apply)
  }

  /// Rows of a collection's tail that fit the limit in bytes.
  func hardTailRows(_ number: UInt32) -> Int {
    let shape = TailShape(
      states.current.collections[number]?.configuration ?? CollectionConfiguration())
    return max(1, options.compaction.hardTailBytes / shape.bytesPerRow)
  }
}
