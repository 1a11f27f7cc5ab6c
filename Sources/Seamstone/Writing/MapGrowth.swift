import ObjectStorage
import StorageIO

/// Grows LMDB's map when it is full: only possible while no transaction of this process is open.
struct MapGrowth: Sendable {
  let snapshots: SnapshotRegistry
  let events: EventHub
  /// Seconds to wait for open snapshots.
  let timeout: Double
  let maximumSnapshotAge: Double?

  /// Doubles the map, or throws `mapFull` naming the oldest snapshot that stands in the way.
  func grow(_ environment: LMDBEnvironment) throws(StoreError) {
    if let maximumSnapshotAge {
      for snapshot in snapshots.snapshots(olderThan: .seconds(maximumSnapshotAge)) {
        snapshot.close()
        events.emit(
          StoreEvent(
            kind: .snapshotExpired,
            message: "A snapshot older than \(maximumSnapshotAge) s was closed to grow the map"))
      }
    }
    // Readers that were killed keep pages from being used again; perhaps there is room after all.
    _ = try? environment.clearStaleReaders()
    do throws(StoreError) {
      try environment.grow(to: environment.mapSize * 2, waiting: timeout)
    } catch {
      guard error.code == .mapFull, let age = snapshots.summary.oldestAge else { throw error }
      let seconds = Double(age.components.seconds) + Double(age.components.attoseconds) / 1e18
      throw StoreError(
        .mapFull,
        "The map is full and cannot grow while \(snapshots.summary.count) snapshot(s) are open; "
          + "the oldest has been open for \((seconds * 10).rounded() / 10) s",
        at: error.location, cause: error.message,
        remedy: "Close the snapshot, or set StoreOptions.maximumSnapshotAge or a larger mapSize")
    }
  }
}
