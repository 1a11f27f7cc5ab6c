import Logging
import StorageIO

/// Hands events to everybody who listens, and to the log. Remembers the last ones, so that what
/// happened while the store was opened can still be read.
final class EventHub: Sendable {
  private struct State {
    var listeners: [Int: AsyncStream<StoreEvent>.Continuation] = [:]
    var nextListener = 0
    var recent: [StoreEvent] = []
    var dropped = 0
    var isFinished = false
  }
  private let state = ConditionLock(State())
  private let logger: Logger
  private static let memory = 256
  /// Events that wait for one listener, at most; the oldest go first.
  static let backlog = 1_024

  init(logger: Logger) { self.logger = logger }

  func emit(_ event: StoreEvent) {
    logger.log(level: event.kind.logLevel, "\(event.description)")
    let listeners = state.withLock { state in
      state.recent.append(event)
      if state.recent.count > Self.memory { state.recent.removeFirst() }
      return Array(state.listeners.values)
    }
    var dropped = 0
    for listener in listeners {
      if case .dropped = listener.yield(event) { dropped += 1 }
    }
    if dropped > 0 { state.withLock { $0.dropped += dropped } }
  }

  /// Events that listeners never saw because they were too slow.
  var droppedCount: Int { state.withLock { $0.dropped } }

  var recent: [StoreEvent] { state.withLock { $0.recent } }

  func stream() -> AsyncStream<StoreEvent> {
    AsyncStream(bufferingPolicy: .bufferingNewest(Self.backlog)) { continuation in
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

extension StoreEvent.Kind {
  /// How urgently the log says so: `critical` where writes are refused from now on, `error` where work
  /// was not done, `warning` where something was repaired or given up.
  var logLevel: Logger.Level {
    switch self {
    case .poisoned: .critical
    case .jobFailed, .conversionFailed: .error
    case .segmentQuarantined, .publishedFlat, .publishedUncompressed, .snapshotExpired,
      .indexKindMissing:
      .warning
    case .segmentPublished, .segmentRebuilt, .orphanRemoved, .scrubFinished: .info
    }
  }
}
