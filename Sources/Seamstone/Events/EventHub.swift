import Logging
import StorageIO

/// Hands events to everybody who listens, and to the log. Remembers the last ones, so that what
/// happened while the store was opened can still be read.
final class EventHub: Sendable {
  private struct State {
    var listeners: [Int: AsyncStream<StoreEvent>.Continuation] = [:]
    var nextListener = 0
    var recent: [StoreEvent] = []
    var isFinished = false
  }
  private let state = ConditionLock(State())
  private let logger: Logger
  private static let memory = 256

  init(logger: Logger) { self.logger = logger }

  func emit(_ event: StoreEvent) {
    logger.info("\(event.description)")
    let listeners = state.withLock { state in
      state.recent.append(event)
      if state.recent.count > Self.memory { state.recent.removeFirst() }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.yield(event) }
  }

  var recent: [StoreEvent] { state.withLock { $0.recent } }

  func stream() -> AsyncStream<StoreEvent> {
    AsyncStream { continuation in
      let number: Int? = state.withLock { state in
        guard !state.isFinished else { return nil }
        state.nextListener += 1
        state.listeners[state.nextListener] = continuation
        return state.nextListener
      }
      guard let number else {
        continuation.finish()
        return
      }
      continuation.onTermination = { [weak self] _ in
        _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
      }
    }
  }

  func finish() {
    let listeners = state.withLock { state in
      state.isFinished = true
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }
}
