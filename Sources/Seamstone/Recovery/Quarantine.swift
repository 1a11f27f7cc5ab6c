import SegmentFiles
import StorageIO

/// Sets damaged segment files aside. A segment is derived data, so nothing is lost; the file is kept
/// under another name for whoever wants to know what happened to it.
struct Quarantine: Sendable {
  let fileSystem: any FileSystem
  let paths: StorePaths
  let events: EventHub

  /// Whether the system failed, and the file may be sound: too many open files, say.
  private static func isPassing(_ error: StoreError) -> Bool {
    [.io, .limitExceeded, .noSpace].contains(error.code)
  }

  func setAside(_ number: UInt64, collection: String, because error: StoreError) {
    let path = paths.segment(number)
    var outcome = "its vectors are served by exact scan until it is rebuilt"
    if Self.isPassing(error) {
      outcome += "; the file stays where it is, because another attempt may read it"
    } else if (try? fileSystem.exists(path)) == true {
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
