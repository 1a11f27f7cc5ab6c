import ObjectStorage
import SegmentFiles
import StorageIO

extension SectionKind {
  /// Ids of the objects, by rank of their DocID: "oids".
  static let objectIDs = SectionKind(rawValue: 0x7364_696F)
}

/// The ids of a segment's objects, as the segment keeps them.
///
/// What is damaged here, or missing, is read from LMDB instead, which is slower and nothing else. A section whose
/// sizes are wrong counts as missing; the checksums, which the scrub reads, find the rest.
@safe struct ObjectIDColumn: @unchecked Sendable {
  // Sendable: read-only memory, kept alive by the reader.
  private let reader: SegmentReader
  private let bytes: UnsafeRawBufferPointer
  private let form: UInt32
  private let count: Int

  static let headSize = 64
  static let numbers: UInt32 = 1
  static let uuids: UInt32 = 2
  static let texts: UInt32 = 3
  /// Fills the place of an id that is not known. Ids that really are 8 or 16 of these bytes are looked up in LMDB, too.
  static let unknown: UInt8 = 0xFF

  /// The column of an open segment; nil if it has none that fits its rows.
  init?(_ reader: SegmentReader) {
    guard let bytes = unsafe reader.section(.objectIDs), bytes.count >= Self.headSize,
      let count = Int(exactly: reader.header.count)
    else { return nil }
    let form = unsafe UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
    let least: (Int, Bool) =
      switch form {
      case Self.numbers: count.multipliedReportingOverflow(by: 8)
      case Self.uuids: count.multipliedReportingOverflow(by: 16)
      case Self.texts: (count + 1).multipliedReportingOverflow(by: 4)
      default: (0, true)
      }
    guard !least.1, bytes.count - Self.headSize >= least.0 else { return nil }
    self.reader = reader
    unsafe self.bytes = UnsafeRawBufferPointer(rebasing: bytes[Self.headSize...])
    self.form = form
    self.count = count
    reader.advise(.random, section: .objectIDs)
  }

  /// The id of the DocID with a rank; nil if it is not known here.
  func id(ofRank rank: Int) -> ObjectID? {
    guard rank >= 0, rank < count else { return nil }
    switch form {
    case Self.numbers: return fixed(rank, tag: 1, size: 8)
    case Self.uuids: return fixed(rank, tag: 2, size: 16)
    default:
      let start = end(rank), end = end(rank + 1)
      let base = (count + 1) * 4
      guard start < end, unsafe end <= bytes.count - base else { return nil }
      return unsafe ObjectID(
        keyBytes: UnsafeRawBufferPointer(rebasing: bytes[(base + start)..<(base + end)]))
    }
  }

  /// Where the text before `index` ends.
  private func end(_ index: Int) -> Int {
    unsafe Int(
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
  }

  private func fixed(_ rank: Int, tag: UInt8, size: Int) -> ObjectID? {
    let stored = unsafe UnsafeRawBufferPointer(rebasing: bytes[rank * size..<(rank + 1) * size])
    if unsafe stored.allSatisfy({ $0 == Self.unknown }) { return nil }
    return unsafe withUnsafeTemporaryAllocation(byteCount: size + 1, alignment: 8) { key in
      unsafe key[0] = tag
      unsafe UnsafeMutableRawBufferPointer(rebasing: key[1...]).copyMemory(from: stored)
      return unsafe ObjectID(keyBytes: UnsafeRawBufferPointer(key))
    }
  }
}
