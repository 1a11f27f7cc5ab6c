import ObjectStorage
import StorageIO

/// Pairs LMDB transactions with the in-memory state of the same version.
///
/// Before it commits, the writer installs the new state as pending under its transaction's id. A
/// reader begins its transaction and takes the state of exactly that id under one lock; the commit
/// itself runs outside the lock, so a reader sees the version before or the version after it, and
/// both states are here until the commit is over.
final class StateTable: Sendable {
  private struct Versions {
    var current: StoreState
    var pending: StoreState?
    /// Segments found damaged. The writer may have begun its version before one was set aside, and a
    /// reader process may find it named again by the next commit: neither may bring it back.
    var damaged: Set<ManifestEntry> = []
  }
  private let versions: ConditionLock<Versions>

  init(_ state: StoreState) { versions = ConditionLock(Versions(current: state)) }

  /// The newest committed state.
  var current: StoreState { versions.withLock { $0.current } }

  /// Makes `state` available to readers of its transaction, which is about to commit.
  func install(pending state: StoreState) {
    versions.withLock { $0.pending = state.settingAside($0.damaged) }
  }

  /// The pending version was committed.
  func confirmPending() {
    versions.withLock {
      if let pending = $0.pending { $0.current = pending }
      $0.pending = nil
    }
  }

  /// The pending version was aborted.
  func dropPending() { versions.withLock { $0.pending = nil } }

  /// Takes over a newer version; reader processes only.
  func follow(_ state: StoreState) {
    versions.withLock { $0.current = state.settingAside($0.damaged) }
  }

  /// Has a damaged segment's interval scanned in LMDB from now on, in every version to come.
  func setAside(_ segment: ManifestEntry) {
    versions.withLock {
      $0.damaged.insert(segment)
      $0.current = $0.current.settingAside($0.damaged)
      $0.pending = $0.pending?.settingAside($0.damaged)
    }
  }

  /// Begins a read transaction by `begin` and pairs it with its state; nil when that version is not
  /// known here, which only happens in reader processes.
  func capture(
    _ begin: () throws(StoreError) -> ReadTransaction
  ) throws(StoreError) -> (ReadTransaction, StoreState?) {
    let result: Result<(ReadTransaction, StoreState?), StoreError> = versions.withLock { versions in
      do throws(StoreError) {
        let transaction = try begin()
        if versions.current.transactionID == transaction.transactionID {
          return .success((transaction, versions.current))
        }
        if let pending = versions.pending, pending.transactionID == transaction.transactionID {
          return .success((transaction, pending))
        }
        return .success((transaction, nil))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// The state of that transaction, if it is the current or the pending one.
  func state(of transactionID: UInt64) -> StoreState? {
    versions.withLock { versions in
      if versions.current.transactionID == transactionID { return versions.current }
      if let pending = versions.pending, pending.transactionID == transactionID { return pending }
      return nil
    }
  }
}
