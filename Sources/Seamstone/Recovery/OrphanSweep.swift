import SegmentFiles
import StorageIO

/// Removes what a killed process left behind: temporary files, and segments that no manifest names.
/// Only the holder of `writer.lock` may do so, after the manifests were read.
struct OrphanSweep {
  let fileSystem: any FileSystem
  let paths: StorePaths
  let events: EventHub

  /// Removes orphans; answers the highest number that any segment file has.
  func run(keeping state: StoreState) throws(StoreError) -> UInt64 {
    let named = Set(
      state.collections.values.flatMap { $0.manifest.entries.map(\.number) })
    var highest = named.max() ?? 0
    for name in try fileSystem.list(paths.segments) {
      if StoreCreation.temporaryNames.contains(name) {
        try remove(name)
        continue
      }
      // Files of other names are not ours to remove.
      guard let parsed = SegmentFileName(parsing: name) else { continue }
      let number = parsed.number
      highest = max(highest, number)
      switch parsed {
      case .segment: if named.contains(number) { continue }
      case .temporary: break
      // Set aside for people to look at; they decide when it goes.
      case .quarantined: continue
      }
      try remove(name)
      events.emit(
        StoreEvent(kind: .orphanRemoved, segment: number, message: "\(name) was removed"))
    }
    return highest
  }

  private func remove(_ name: String) throws(StoreError) {
    do throws(StoreError) {
      try fileSystem.remove(paths.segments + "/" + name)
    } catch {
      guard error.code == .notFound else { throw error }
    }
  }
}
