import ObjectStorage
import StorageIO

/// The store's two background threads, one for each lane. They look for work after every commit,
/// and now and then in case a collection has become idle.
final class BackgroundThreads: Sendable {
  private struct Signal {
    var generation = 0
    var isClosed = false
  }
  private let core: StoreCore
  private let compactor: Compactor
  private let signal = ConditionLock(Signal())
  private let threads = ConditionLock<[PosixThread]>([])
  /// How often idle collections are looked at.
  private static let pause = Duration.milliseconds(250)
  /// How often slots of readers that were killed are freed: they keep pages from being used again.
  private static let staleReaderInterval = Duration.seconds(60)

  init(core: StoreCore, compactor: Compactor) {
    self.core = core
    self.compactor = compactor
  }

  func start() throws(StoreError) {
    let sealer = try PosixThread.start(name: "seam-seal", stackSize: 4 << 20) { [self] in run(.seal)
    }
    threads.withLock { $0.append(sealer) }
    let merger = try PosixThread.start(name: "seam-merge", stackSize: 4 << 20) { [self] in
      run(.merge)
    }
    threads.withLock { $0.append(merger) }
  }

  /// Something was committed.
  func wake() { signal.update { $0.generation += 1 } }

  /// Ends the threads; running jobs notice that the store is closing.
  func close() {
    signal.update { $0.isClosed = true }
    for thread in threads.withLock({ $0 }) { thread.join() }
  }

  private func run(_ lane: Compactor.Lane) {
    var seen = 0
    var retries: [Activity.Work: RetryTimes] = [:]
    var lastReaderCheck = ContinuousClock.now
    while true {
      if lane == .seal, ContinuousClock.now - lastReaderCheck >= Self.staleReaderInterval {
        lastReaderCheck = .now
        _ = try? core.environment.clearStaleReaders()
      }
      if sweep(lane, &retries) {
        if isClosed { return }
        continue
      }
      let generation = signal.wait(timeout: Self.pause) { signal -> Int? in
        if signal.isClosed { return -1 }
        return signal.generation != seen ? signal.generation : nil
      }
      if generation == -1 || isClosed { return }
      seen = generation ?? seen
    }
  }

  private var isClosed: Bool { signal.withLock { $0.isClosed } }

  /// Runs one job for each collection that needs one; answers whether any did.
  private func sweep(
    _ lane: Compactor.Lane, _ retries: inout [Activity.Work: RetryTimes]
  ) -> Bool {
    var found = false
    let collections = core.states.current.collections
    core.progress.finish(except: collections.keys)
    // Nothing is written any more, so nobody need wait for an index.
    if core.writer.poisonedBy != nil { core.progress.finishAll() }
    for collection in collections.values.sorted(by: { $0.number < $1.number }) {
      if isClosed || core.writer.poisonedBy != nil { return false }
      let number = collection.number
      let idle = core.activity.idleSeconds(number) >= core.options.compaction.idleSeconds
      let ran = attempt(lane == .seal ? .seal : .merge, collection, &retries) {
        () throws(StoreError) in try compactor.runNext(lane, collection: number, isIdle: idle)
      }
      if ran == false, idle { core.progress.rest([lane], number) }
      // A damaged object stops an index from being made; it must not hold up the merges.
      let indexed =
        lane == .merge
        ? attempt(.propertyIndexes, collection, &retries) { () throws(StoreError) in
          try PropertyIndexWork(core: core).runStep(number)
        } : nil
      found = found || ran == true || indexed == true
    }
    return found
  }

  /// Does a piece of work unless it has failed not long ago; answers whether there was any, nil if that is
  /// not known.
  private func attempt(
    _ work: Activity.Work, _ collection: CollectionState,
    _ retries: inout [Activity.Work: RetryTimes], _ body: () throws(StoreError) -> Bool
  ) -> Bool? {
    if retries[work]?.isWaiting(collection.number) == true { return nil }
    do throws(StoreError) {
      let ran = try body()
      retries[work]?.didSucceed(collection.number)
      core.activity.jobEnded(work, collection.number, with: nil)
      return ran
    } catch {
      if error.code == .cancelled || error.code == .closed { return nil }
      core.events.emit(
        StoreEvent(kind: .jobFailed, collection: collection.name, message: error.description))
      retries[work, default: RetryTimes()].didFail(collection.number)
      core.activity.jobEnded(work, collection.number, with: error)
      // Writers that wait for a seal hear of it.
      core.backPressure.wake()
      return nil
    }
  }
}
