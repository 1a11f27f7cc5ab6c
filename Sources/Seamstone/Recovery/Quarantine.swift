import SegmentFiles
import StorageIO

/// Sets damaged segment files aside. A segment is derived data, so nothing is lost; the file is kept
/// under another name for whoever wants to know what happened to it.
struct Quarantine: Sendable {
  let fileSystem: any FileSystem
  let paths: StorePaths
  let events: EventHub

  func setAside(_ number: UInt64, collection: String, because error: StoreError) {
    let path = paths.segment(number)
    var outcome = "its vectors are served by exact scan until it is rebuilt"
    if (try? fileSystem.exists(path)) == true {
      do throws(StoreError) {
        let aside = paths.segments + "/" + SegmentFileName.quarantined(number).name
        try fileSystem.rename(path, to: aside)
        try fileSystem.syncDirectory(paths.segments)
        outcome += "; the file was renamed to \(aside)"
      } catch {
        outcome += "; the file could not be renamed: \(error)"
      }
    }
    events.emit(
      StoreEvent(
        kind: .segmentQuarantined, collection: collection, segment: number,
        message: "\(error); \(outcome)"))
  }
}
