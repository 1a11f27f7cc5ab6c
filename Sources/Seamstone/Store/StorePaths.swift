import SegmentFiles

/// The names of everything in a store's directory, in one place.
struct StorePaths: Sendable {
  let directory: String

  init(_ directory: String) { self.directory = directory }

  /// Held by the one writer process.
  var writerLock: String { directory + "/writer.lock" }
  /// LMDB's data file.
  var data: String { directory + "/data.mdb" }
  /// Holds the segment files.
  var segments: String { directory + "/segments" }

  func segment(_ number: UInt64) -> String {
    SegmentFileName.segment(number).path(in: segments)
  }
}
