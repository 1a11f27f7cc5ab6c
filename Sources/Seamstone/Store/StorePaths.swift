import SegmentFiles

/// The names of everything in a store's directory, in one place.
struct StorePaths: Sendable {
  let directory: String

  init(_ directory: String) { self.directory = directory }

  /// Held by the one writer process.
  var writerLock: String { directory + "/writer.lock" }
  /// LMDB's data file.
  var data: String { directory + "/data.mdb" }
  /// LMDB's table of readers.
  var lock: String { directory + "/lock.mdb" }
  /// LMDB's data file while a backup is being restored.
  var restoring: String { directory + "/data.mdb.restoring" }
  /// Where a repair makes the new store, until it takes the place of the old one.
  var salvage: String { directory + "/salvage" }
  /// Where a repair leaves what it replaced.
  func damaged(_ number: Int) -> String { directory + "/damaged-\(number)" }
  /// Holds the segment files.
  var segments: String { directory + "/segments" }

  func segment(_ number: UInt64) -> String {
    SegmentFileName.segment(number).path(in: segments)
  }
}
