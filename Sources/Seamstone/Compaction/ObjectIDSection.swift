import ObjectStorage
import SegmentFiles
import StorageIO

/// Writes the ids of a segment's objects into it, so that a search that returns ids alone reads nothing else.
///
/// The id of a DocID never changes. Byte-exact description: FileFormat-Indexes.
struct ObjectIDSection {
  /// The DocIDs of the segment's rows, ascending.
  let docIDs: [UInt64]
  let objects: ObjectTable
  let transaction: ReadTransaction

  /// Ids that are longer than this on average are left in LMDB.
  private static let mostBytesPerID = 64

  /// Writes the section, unless the ids would take more than they are worth.
  func write(to writer: SegmentWriter) throws(StoreError) {
    let form = try survey()
    guard let form else { return }
    try writer.beginSection(.objectIDs, alignment: 64)
    var bytes = ByteWriter(capacity: Self.pieceSize + 512)
    bytes.write(form.number)
    bytes.writeZeros(ObjectIDColumn.headSize - 4)
    switch form {
    case .numbers, .uuids: break
    case .texts(let ends):
      bytes.write(0 as UInt32)
      for end in ends {
        bytes.write(end)
        try flush(&bytes, to: writer, ifAbove: Self.pieceSize)
      }
    }
    try unsafe forEachID { (_, key) throws(StoreError) in
      unsafe form.append(key, to: &bytes)
      try flush(&bytes, to: writer, ifAbove: Self.pieceSize)
    }
    try flush(&bytes, to: writer, ifAbove: 0)
    try writer.endSection()
  }

  private static let pieceSize = 1 << 18

  private func flush(
    _ bytes: inout ByteWriter, to writer: SegmentWriter, ifAbove size: Int
  ) throws(StoreError) {
    guard bytes.bytes.count > size else { return }
    try writer.append(bytes.bytes)
    bytes = ByteWriter(capacity: Self.pieceSize + 512)
  }

  /// How the ids can be stored; nil: not at all.
  private func survey() throws(StoreError) -> Form? {
    var ends: [UInt32] = []
    ends.reserveCapacity(docIDs.count)
    var total = 0
    var tags: Set<UInt8> = []
    try unsafe forEachID { _, key in
      if let tag = unsafe key?.first { tags.insert(tag) }
      total += unsafe key?.count ?? 0
      ends.append(UInt32(clamping: total))
    }
    if tags == [1] { return .numbers }
    if tags == [2] { return .uuids }
    guard total <= docIDs.count * Self.mostBytesPerID, total < Int(UInt32.max) else { return nil }
    return .texts(ends: ends)
  }

  /// Visits each DocID with the stored form of its object's id; nil for one that was deleted meanwhile, or whose
  /// record is damaged.
  private func forEachID(
    _ body: (UInt64, UnsafeRawBufferPointer?) throws(StoreError) -> Void
  ) throws(StoreError) {
    guard let first = docIDs.first, let last = docIDs.last else { return }
    var next = 0
    try unsafe objects.forEachID(docIDs: first...last, in: transaction) {
      (docID, key) throws(StoreError) in
      while next < docIDs.count, docIDs[next] < docID {
        try body(docIDs[next], nil)
        next += 1
      }
      guard next < docIDs.count, docIDs[next] == docID else { return next < docIDs.count }
      try unsafe body(docID, key)
      next += 1
      return true
    }
    while next < docIDs.count {
      try body(docIDs[next], nil)
      next += 1
    }
  }
}

extension ObjectIDSection {
  /// How all ids of a segment are stored.
  private enum Form {
    case numbers, uuids
    /// Any ids; where each one ends.
    case texts(ends: [UInt32])

    var number: UInt32 {
      switch self {
      case .numbers: ObjectIDColumn.numbers
      case .uuids: ObjectIDColumn.uuids
      case .texts: ObjectIDColumn.texts
      }
    }

    /// An id that is not known is written as one that says so.
    func append(_ key: UnsafeRawBufferPointer?, to bytes: inout ByteWriter) {
      if case .texts = self {
        if let key = unsafe key { unsafe bytes.write(key) }
        return
      }
      let count = if case .numbers = self { 8 } else { 16 }
      if let key = unsafe key, key.count == count + 1 {
        unsafe bytes.write(UnsafeRawBufferPointer(rebasing: key.dropFirst()))
      } else {
        for _ in 0..<count { bytes.write(ObjectIDColumn.unknown) }
      }
    }
  }
}
