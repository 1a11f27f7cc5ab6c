import SegmentFiles
import StorageIO
import Synchronization
import VectorIndexes

/// An open segment, shared by every version of the store that names it.
///
/// When the manifest no longer names a segment its handle is retired; the file is unlinked when the
/// last version (and so the last snapshot of this process) lets go of the handle.
final class SegmentHandle: Sendable {
  let number: UInt64
  let index: SegmentIndex
  private let path: String
  private let reaper: SegmentReaper
  private let isRetired = Atomic<Bool>(false)

  init(number: UInt64, index: SegmentIndex, path: String, reaper: SegmentReaper) {
    self.number = number
    self.index = index
    self.path = path
    self.reaper = reaper
  }

  /// Has the file unlinked once nobody uses it.
  func retire() { isRetired.store(true, ordering: .releasing) }

  deinit {
    if isRetired.load(ordering: .acquiring) { reaper.remove(path) }
  }
}
