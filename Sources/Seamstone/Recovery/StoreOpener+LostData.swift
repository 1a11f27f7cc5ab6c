import SegmentFiles
import StorageIO

/// Segments are made from `data.mdb`. Where they are and it is not, a new store would take their place: its
/// first sweep would remove what may be all that is left.
extension StoreOpener {
  /// Throws `corruption` if there are segments; only where there is no `data.mdb`, or nothing in it.
  func refuseLostData() throws(StoreError) {
    guard try fileSystem.exists(paths.segments),
      let name = try fileSystem.list(paths.segments).first(where: {
        SegmentFileName.parse($0) != nil
      })
    else { return }
    throw StoreError(
      .corruption, "The objects of the store are missing, but segments made of them are there",
      at: .init(path: paths.data), cause: "segments/\(name)", remedy: Self.remedy)
  }

  /// Throws `corruption` if `data.mdb` is empty. A new one gets its name when it is whole, so it was one that
  /// somebody has emptied.
  func refuseEmptyData() throws(StoreError) {
    guard try fileSystem.exists(paths.data), try fileSystem.length(paths.data) == 0 else { return }
    throw StoreError(
      .corruption, "The file with the store's objects is empty", at: .init(path: paths.data),
      remedy: Self.remedy)
  }

  private static var remedy: String {
    "Restore a backup of data.mdb, or of the whole store; without one, `seamstone repair` moves everything aside and "
      + "saves what the segments have"
  }
}
