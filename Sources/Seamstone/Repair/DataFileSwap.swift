import SegmentFiles
import StorageIO

/// Puts the store that a repair has made in the place of the damaged one, in steps of which each leaves the one or
/// the other whole. The damaged one may have no data file.
///
/// The new segments get their names first, which nobody knows yet. Then the old files get second names in a folder of
/// their own. One rename makes the new data file the store's, and only then the old segments lose their first names.
struct DataFileSwap {
  let paths: StorePaths
  let fileSystem: any FileSystem

  private var salvage: StorePaths { StorePaths(paths.salvage) }

  /// Answers the folder in which the old files lie now.
  func run() throws(StoreError) -> String {
    let old = try segmentFiles(paths.segments)
    for name in try segmentFiles(salvage.segments) {
      try fileSystem.rename(salvage.segments + "/" + name, to: paths.segments + "/" + name)
    }
    try fileSystem.syncDirectory(paths.segments)
    let aside = StorePaths(try freeName())
    try fileSystem.makeDirectory(aside.segments)
    if try fileSystem.exists(paths.data) { try keep(paths.data, as: aside.data) }
    for name in old {
      try keep(paths.segments + "/" + name, as: aside.segments + "/" + name)
    }
    try fileSystem.syncDirectory(aside.segments)
    try fileSystem.syncDirectory(aside.directory)
    // A table of readers belongs to the file that it was made for.
    try removeIfPresent(paths.lock)
    try fileSystem.rename(salvage.data, to: paths.data)
    try fileSystem.syncDirectory(paths.directory)
    for name in old { try removeIfPresent(paths.segments + "/" + name) }
    try removeSalvage()
    return aside.directory
  }

  /// Removes the place where a repair makes the new store.
  func removeSalvage() throws(StoreError) {
    guard try fileSystem.exists(paths.salvage) else { return }
    if try fileSystem.exists(salvage.segments) {
      for name in try fileSystem.list(salvage.segments) {
        try removeIfPresent(salvage.segments + "/" + name)
      }
      try fileSystem.removeDirectory(salvage.segments)
    }
    for path in [salvage.data, salvage.lock, salvage.writerLock] { try removeIfPresent(path) }
    try fileSystem.removeDirectory(paths.salvage)
  }

  private func segmentFiles(_ directory: String) throws(StoreError) -> [String] {
    guard try fileSystem.exists(directory) else { return [] }
    return try fileSystem.list(directory).filter { SegmentFileName.parse($0) != nil }
  }

  private func freeName() throws(StoreError) -> String {
    var number = 1
    while try fileSystem.exists(paths.damaged(number)) { number += 1 }
    return paths.damaged(number)
  }

  private var transfer: FileTransfer {
    FileTransfer(fileSystem: fileSystem, didCopy: { _ in }, isCancelled: { false })
  }

  private func keep(_ path: String, as other: String) throws(StoreError) {
    do throws(StoreError) {
      try fileSystem.link(path, to: other)
    } catch {
      guard error.code == .notSupported else { throw error }
      try transfer.copy(path, to: other)
    }
  }

  private func removeIfPresent(_ path: String) throws(StoreError) {
    try transfer.removeIfPresent(path)
  }
}
