import ObjectStorage
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
  /// The ids of its objects, where the segment has them.
  let objectIDs: ObjectIDColumn?
  private let path: String
  private let reaper: SegmentReaper
  private let isRetired = Atomic<Bool>(false)

  /// A handle to an open file. Throws `corruption` for one whose sections contradict each other.
  init(
    _ reader: SegmentReader, path: String, reaper: SegmentReaper, engines: CustomEngines
  ) throws(StoreError) {
    number = reader.number
    index = try SegmentIndex.open(reader, engines: engines)
    objectIDs = ObjectIDColumn(reader)
    self.path = path
    self.reaper = reaper
  }

  /// The id of the object of a DocID; nil if the segment does not say.
  func objectID(of docID: UInt64) -> ObjectID? {
    guard let objectIDs, let rank = index.rank(ofDocID: docID) else { return nil }
    return objectIDs.id(ofRank: rank)
  }

  /// Has the file unlinked once nobody uses it.
  func retire() { isRetired.store(true, ordering: .releasing) }

  deinit {
    if isRetired.load(ordering: .acquiring) { reaper.remove(path) }
  }
}
