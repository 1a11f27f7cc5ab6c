import ObjectStorage
import StorageIO
import SystemPackage

/// A vector store: one directory of collections of objects, their original vectors, and the indexes
/// that search them.
///
/// ```swift
/// let store = try Store.open(at: "articles.seam")
/// let articles = try store.collection("Article", .init(dimensions: 384, metric: .cosine))
/// try articles.upsert(VectorObject(id: "a", vector: embedding, properties: ["title": "Seams"]))
/// let hits = try articles.search(near: query, limit: 10)
/// ```
///
/// A store is `Sendable` and may be used from any thread. One process at a time may write; any number
/// of other processes may have it open with `StoreOptions.readOnly`. Calls block; do not call them
/// on Swift's cooperative pool, use the `async` overloads there.
public final class Store: Sendable {
  let core: StoreCore
  let compactor: Compactor
  let threads: BackgroundThreads?
  private let writerThread: PosixThread?
  let scrub: Scrub?
  private let lock: FileLock?
  private let closing = ConditionLock(false)

  init(
    core: StoreCore, compactor: Compactor, threads: BackgroundThreads?,
    writerThread: PosixThread?, scrub: Scrub?, lock: FileLock?
  ) {
    self.core = core
    self.compactor = compactor
    self.threads = threads
    self.writerThread = writerThread
    self.scrub = scrub
    self.lock = lock
  }

  deinit { close() }

  /// Ends background work, waits for writes that were accepted, and releases the store. Calls that
  /// come later throw `closed`. Open snapshots are closed too. Closing twice is fine; the second call
  /// returns when the first has finished.
  public func close() {
    core.beginClosing()
    closing.withLock { isClosed in
      if isClosed { return }
      isClosed = true
      release()
    }
  }

  private func release() {
    core.backPressure.wake()
    scrub?.close()
    threads?.close()
    // Jobs that callers run notice that the store is closing; none may outlive the lock.
    compactor.waitForJobs()
    core.writer.close()
    writerThread?.join()
    core.workers.close()
    for snapshot in core.snapshots.all { snapshot.close() }
    core.progress.finishAll()
    core.events.finish()
    // Snapshots are closed above; a search that is still running keeps the files until it ends.
    try? core.environment.close()
    core.reaper.close()
    lock?.release()
  }

  /// The directory.
  public var path: FilePath { FilePath(core.path) }

  /// Whether the store was opened for reading only.
  public var isReadOnly: Bool { core.options.readOnly }

  /// Why the store refuses writes until it is reopened; nil while all is well.
  public var poisonedBy: StoreError? { core.writer.poisonedBy }

  /// What happened without anybody having called for it, from now on. A listener that falls behind by more
  /// than 1,024 events loses the oldest ones; `droppedEventCount` tells how many were lost.
  public var events: AsyncStream<StoreEvent> { core.events.stream() }

  /// How many events listeners of `events` did not get because they were too slow, over all listeners.
  public var droppedEventCount: Int { core.events.droppedCount }

  /// The last events, those of opening the store included.
  public var recentEvents: [StoreEvent] { core.events.recent }
}
