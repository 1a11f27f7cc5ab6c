import SegmentFiles
import StorageIO

/// The record in LMDB that names a collection's live segments: the only mutable pointer to them.
///
/// Invariants, checked when written and when read: intervals are disjoint and ascending, and the
/// watermark is not below the end of the last one (0 when nothing was ever sealed).
struct Manifest: Sendable, Equatable, VersionedRecord {
  var entries: [ManifestEntry] = []
  /// The highest DocID that segments cover; live vectors above it form the tail.
  var watermark: UInt64 = 0

  /// What breaks the invariants; nil if nothing does.
  var defect: String? {
    var previous: UInt64 = 0
    var numbers = Set<UInt64>()
    for entry in entries {
      guard entry.firstDocID > previous, entry.lastDocID >= entry.firstDocID else {
        return "segment \(entry.number) covers \(entry.firstDocID)...\(entry.lastDocID), not above "
          + "\(previous)"
      }
      guard numbers.insert(entry.number).inserted else {
        return "segment \(entry.number) is named twice"
      }
      previous = entry.lastDocID
    }
    return watermark >= previous ? nil : "the watermark \(watermark) is below \(previous)"
  }

  /// The bytes stored in LMDB.
  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(Manifest.version)
    writer.write(watermark)
    writer.write(UInt32(entries.count))
    for entry in entries {
      writer.write(entry.number)
      writer.write(entry.identifier.low)
      writer.write(entry.identifier.high)
      writer.write(entry.length)
      writer.write(entry.firstDocID)
      writer.write(entry.lastDocID)
      writer.write(entry.rowCount)
    }
    return writer.bytes
  }

  init(_ reader: inout ByteReader) throws(StoreError) {
    watermark = try reader.readUInt64()
    let count = try reader.readUInt32()
    for _ in 0..<count {
      entries.append(
        ManifestEntry(
          number: try reader.readUInt64(),
          identifier: SegmentIdentifier(
            low: try reader.readUInt64(), high: try reader.readUInt64()),
          length: try reader.readUInt64(), firstDocID: try reader.readUInt64(),
          lastDocID: try reader.readUInt64(), rowCount: try reader.readUInt64()))
    }
    if let defect { throw reader.corruption("The manifest contradicts itself: \(defect)") }
  }

  init() {}

  static let version: UInt16 = 1
  static let title = "the manifest"
}
