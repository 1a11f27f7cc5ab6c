import StorageIO

/// Threads for the `async` calls, started as they are needed. Work that waits on a disk runs here and
/// not on Swift's cooperative pool.
final class WorkerThreads: Sendable {
  private struct State {
    var waiting: [@Sendable () -> Void] = []
    var idle = 0
    var isClosed = false
    var threads: [PosixThread] = []
  }
  private let state = ConditionLock(State())
  private let maximum: Int

  init(maximum: Int) { self.maximum = maximum }

  /// Runs `work` on one of the threads; here, if none can be had or the threads have been ended (it
  /// will find the store closed, and tell its caller).
  func submit(_ work: @escaping @Sendable () -> Void) {
    let needsThread = state.update { state -> Bool? in
      if state.isClosed { return nil }
      state.waiting.append(work)
      return state.idle < state.waiting.count && state.threads.count < maximum
    }
    guard let needsThread else { return work() }
    if needsThread { addThread() }
    // Without a single thread nobody would ever take the work.
    if state.withLock({ $0.threads.isEmpty }), let work = take(waiting: false) { work() }
  }

  /// Ends the threads after the waiting work is done.
  func close() {
    let threads = state.update { state in
      state.isClosed = true
      return state.threads
    }
    for thread in threads { thread.join() }
  }

  private func addThread() {
    guard
      let thread = try? PosixThread.start(
        name: "seam-async", stackSize: 1 << 20,
        { [weak self] in
          while let self, let work = self.take(waiting: true) { work() }
        })
    else { return }
    state.withLock { $0.threads.append(thread) }
  }

  private func take(waiting: Bool) -> (@Sendable () -> Void)? {
    state.withLock { $0.idle += 1 }
    defer { state.withLock { $0.idle -= 1 } }
    return state.wait { state -> (@Sendable () -> Void)?? in
      if !state.waiting.isEmpty { return .some(state.waiting.removeFirst()) }
      return state.isClosed || !waiting ? .some(nil) : nil
    }
  }
}
