import StorageIO

/// Hands the progress of background work on each collection to whoever watches it.
final class ProgressHub: Sendable {
  private struct Watcher {
    let collection: UInt32
    let continuation: AsyncStream<IndexingProgress>.Continuation
  }
  private struct State {
    var watchers: [Int: Watcher] = [:]
    var next = 0
    var running: [UInt32: (phase: IndexingProgress.Phase, fraction: Double)] = [:]
    var isFinished = false
  }
  private let state = ConditionLock(State())

  /// What runs on a collection now.
  func running(_ collection: UInt32) -> (phase: IndexingProgress.Phase, fraction: Double) {
    state.withLock { $0.running[collection] ?? (.idle, 1) }
  }

  func report(_ collection: UInt32, _ progress: IndexingProgress) {
    let watchers = state.withLock { state in
      state.running[collection] =
        progress.phase == .idle ? nil : (progress.phase, progress.fraction)
      return state.watchers.values.filter { $0.collection == collection }
    }
    for watcher in watchers { watcher.continuation.yield(progress) }
  }

  /// Ends the streams of a collection on which no work is left.
  func finish(_ collection: UInt32) {
    let watchers = state.withLock { state in
      state.watchers.values.filter { $0.collection == collection }
    }
    for watcher in watchers { watcher.continuation.finish() }
  }

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
