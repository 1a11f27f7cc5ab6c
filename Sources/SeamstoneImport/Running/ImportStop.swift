import StorageIO

/// Says that nobody waits for an import any more, and ends what it is waiting for.
final class ImportStop: Sendable {
  private struct State {
    var isMade = false
    var queue: BoundedQueue<ImportBatch>?
    var task: Task<Void, Never>?
  }
  private let state = ConditionLock(State())

  /// Whether somebody asked.
  var isMade: Bool { state.withLock { $0.isMade } }

  /// Asks; there is no way back.
  func make() {
    let (queue, task) = state.withLock { state in
      state.isMade = true
      return (state.queue, state.task)
    }
    queue?.abandon()
    task?.cancel()
  }

  /// Has the queue abandoned: at once if somebody asked already.
  func abandons(_ queue: BoundedQueue<ImportBatch>) {
    if state.withLock({ state in
      state.queue = queue
      return state.isMade
    }) {
      queue.abandon()
    }
  }

  /// Has the task cancelled, in place of any before it.
  func cancels(_ task: Task<Void, Never>) {
    if state.withLock({ state in
      state.task = task
      return state.isMade
    }) {
      task.cancel()
    }
  }
}
