import StorageIO

/// Knows the open snapshots of this process, so that the age of the oldest can be told and a limit
/// can be set.
final class SnapshotRegistry: Sendable {
  private struct Entry {
    weak var snapshot: Snapshot?
    var openedAt: ContinuousClock.Instant
  }
  private struct State {
    var entries: [UInt64: Entry] = [:]
    var next: UInt64 = 0
  }
  private let state = ConditionLock(State())

  func register(_ snapshot: Snapshot) -> UInt64 {
    state.withLock { state in
      state.next += 1
      state.entries[state.next] = Entry(snapshot: snapshot, openedAt: .now)
      return state.next
    }
  }

  func remove(_ number: UInt64) {
    _ = state.withLock { $0.entries.removeValue(forKey: number) }
  }

  /// How many are open, and for how long the oldest has been.
  var summary: (count: Int, oldestAge: Duration?) {
    state.withLock { state in
      let oldest = state.entries.values.map(\.openedAt).min()
      return (state.entries.count, oldest.map { ContinuousClock.now - $0 })
    }
  }

  /// The open snapshots that are older than `age`.
  func snapshots(olderThan age: Duration) -> [Snapshot] {
    let now = ContinuousClock.now
    return state.withLock { state in
      state.entries.values.filter { now - $0.openedAt > age }.compactMap(\.snapshot)
    }
  }

  /// All open snapshots.
  var all: [Snapshot] { state.withLock { $0.entries.values.compactMap(\.snapshot) } }
}
