import SegmentFiles
import StorageIO

/// One live segment, as the manifest names it.
struct ManifestEntry: Sendable, Hashable {
  /// The number in the file's name.
  var number: UInt64
  /// The hash of the inputs the file was built from; a file with another one is not ours.
  var identifier: SegmentIdentifier
  /// The file's length in bytes.
  var length: UInt64
  /// The closed interval of DocIDs that the segment covers, vanished ones included.
  var firstDocID: UInt64
  var lastDocID: UInt64
  /// Rows in the file.
  var rowCount: UInt64
}
