import CLMDB
import StorageIO

/// The originals of a collection: DocID << 8 | part → a part of the vector, exactly as the caller
/// gave it: little-endian floats, or packed bits.
package struct VectorTable: Sendable {
  /// The database beneath.
  package let table: Table
  /// How new originals are cut.
  package let layout: VectorLayout

  /// Bytes per original.
  package var byteCount: Int { layout.byteCount }

  /// The highest DocID that fits beside the part in a key.
  package static let maximumDocID: UInt64 = (1 << 56) - 1

  /// The originals in `table`, cut for pages of `pageSize` bytes.
  init(table: Table, byteCount: Int, pageSize: Int) {
    self.table = table
    layout = VectorLayout(byteCount: byteCount, pageSize: pageSize)
  }

  /// Stores an original of `byteCount` bytes. `append` tells that the DocID is above all others; it is only a hint.
  package func put(
    _ vector: UnsafeRawPointer, docID: UInt64, append: Bool = true,
    in transaction: WriteTransaction
  ) throws(StoreError) {
    guard docID <= VectorTable.maximumDocID else {
      throw StoreError(.limitExceeded, "The DocID \(docID) is too large", at: table.location)
    }
    for part in 0..<layout.partCount {
      transaction.keyWord.pointee = docID << 8 | UInt64(part)
      let key = UnsafeRawBufferPointer(start: transaction.keyWord, count: 8)
      let count = layout.size(ofPart: part)
      let source = UnsafeRawBufferPointer(start: vector + part * layout.partSize, count: count)
      try table.reserve(key, count, append: append, in: transaction) { target in
        target.copyMemory(from: source)
      }
    }
  }

  /// Removes an original, however it was cut; false if there was none.
  @discardableResult
  package func remove(_ docID: UInt64, in transaction: WriteTransaction) throws(StoreError) -> Bool
  {
    guard docID <= VectorTable.maximumDocID else { return false }
    var part: UInt64 = 0
    while part < 256, try table.remove(docID << 8 | part, in: transaction) { part += 1 }
    return part > 0
  }

  /// How many records, not originals, there are, and their pages.
  package func statistics(in transaction: Transaction) throws(StoreError) -> TableStatistics {
    try table.statistics(in: transaction)
  }
}
