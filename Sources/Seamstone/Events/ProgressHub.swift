import StorageIO

/// Hands the progress of background work on each collection to whoever watches it.
///
/// Each lane has an entry of its own: a seal may run while a merge does. A stream ends when both lanes,
/// one after the other, have looked at the collection since the last job began and found nothing to do.
final class ProgressHub: Sendable {
  private struct Watcher {
    let collection: UInt32
    let continuation: AsyncStream<IndexingProgress>.Continuation
    /// The lanes that have found nothing to do since the last job began.
    var resting: Set<Compactor.Lane> = []
  }
  private struct State {
    var watchers: [Int: Watcher] = [:]
    var next = 0
    var running: [UInt32: [Compactor.Lane: IndexingProgress]] = [:]
    var isFinished = false

    func watchers(of collection: UInt32) -> [AsyncStream<IndexingProgress>.Continuation] {
      watchers.values.filter { $0.collection == collection }.map(\.continuation)
    }
  }
  private let state = ConditionLock(State())

  /// Whether a job runs on a collection now.
  func isBusy(_ collection: UInt32) -> Bool {
    state.withLock { $0.running[collection]?.isEmpty == false }
  }

  /// A lane's job has come so far.
  func report(_ lane: Compactor.Lane, _ collection: UInt32, _ progress: IndexingProgress) {
    let watchers = state.withLock { state in
      state.running[collection, default: [:]][lane] = progress
      for number in state.watchers.keys where state.watchers[number]?.collection == collection {
        state.watchers[number]?.resting = []
      }
      return state.watchers(of: collection)
    }
    for watcher in watchers { watcher.yield(progress) }
  }

  /// A lane's job has ended, well or not. Watchers hear of the job that still runs, if one does.
  func end(_ lane: Compactor.Lane, _ collection: UInt32, _ idle: IndexingProgress) {
    let (watchers, progress) = state.withLock { state in
      state.running[collection]?[lane] = nil
      let other = state.running[collection]?.values.first
      if other == nil { state.running[collection] = nil }
      return (state.watchers(of: collection), other ?? idle)
    }
    for watcher in watchers { watcher.yield(progress) }
  }

  /// These lanes have looked at a collection and found nothing to do. Streams end that both have left.
  func rest(_ lanes: Set<Compactor.Lane>, _ collection: UInt32) {
    let finished = state.withLock { state in
      if state.running[collection]?.isEmpty == false { return [Watcher]() }
      var finished: [Watcher] = []
      for (number, watcher) in state.watchers where watcher.collection == collection {
        let resting = watcher.resting.union(lanes)
        state.watchers[number]?.resting = resting
        if resting.count == Compactor.Lane.allCases.count { finished.append(watcher) }
      }
      return finished
    }
    for watcher in finished { watcher.continuation.finish() }
  }

  /// Ends the streams of collections that are no more.
  func finish(except collections: some Sequence<UInt32>) {
    let known = Set(collections)
    let finished = state.withLock { state in
      state.watchers.values.filter { !known.contains($0.collection) }
    }
    for watcher in finished { watcher.continuation.finish() }
  }

  /// Ends all streams: nothing will be done any more.
  func finishAll() {
    let watchers = state.withLock { state in
      state.isFinished = true
      return Array(state.watchers.values)
    }
    for watcher in watchers { watcher.continuation.finish() }
  }

  func stream(_ collection: UInt32) -> AsyncStream<IndexingProgress> {
    AsyncStream(bufferingPolicy: .bufferingNewest(16)) { continuation in
      let number: Int? = state.withLock { state in
        guard !state.isFinished else { return nil }
        state.next += 1
        state.watchers[state.next] = Watcher(collection: collection, continuation: continuation)
        return state.next
      }
      guard let number else {
        continuation.finish()
        return
      }
      continuation.onTermination = { [weak self] _ in
        _ = self?.state.withLock { $0.watchers.removeValue(forKey: number) }
      }
    }
  }
}
