import CLMDB
import StorageIO

/// Reading ranges of originals: what builds, exact scans and opening a store do.
extension VectorTable {
  /// Visits the originals of a range of DocIDs in order, until `body` returns false. The pointer is
  /// valid during the call, and aligned for every element type.
  package func forEach(
    docIDs range: ClosedRange<UInt64> = 0...VectorTable.maximumDocID, in transaction: Transaction,
    _ body: (UInt64, UnsafeRawPointer) throws(StoreError) -> Bool
  ) throws(StoreError) {
    guard let keys = VectorTable.keys(of: range) else { return }
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: layout.byteCount, alignment: 64)
    defer { bytes.deallocate() }
    var part = 0
    var filled = 0
    var current: UInt64 = 0
    try table.forEach(in: keys, in: transaction) { (key, payload) throws(StoreError) in
      if part == 0 { current = key >> 8 }
      guard key == current << 8 | UInt64(part), payload.count <= layout.byteCount - filled,
        let source = payload.baseAddress
      else { throw table.damage("\(key >> 8) part \(key & 255)", "parts are missing or too long") }
      (bytes + filled).copyMemory(from: source, byteCount: payload.count)
      filled += payload.count
      part += 1
      guard filled == layout.byteCount else { return true }
      part = 0
      filled = 0
      return try body(current, UnsafeRawPointer(bytes))
    }
    if part != 0 { throw table.damage("\(current) part \(part)", "it is missing") }
  }

  /// Visits the DocIDs of a range that have an original, in order, until `body` returns false. Reads
  /// keys only: no checksum is verified.
  package func forEachDocID(
    docIDs range: ClosedRange<UInt64> = 0...VectorTable.maximumDocID, in transaction: Transaction,
    _ body: (UInt64) throws(StoreError) -> Bool
  ) throws(StoreError) {
    guard let keys = VectorTable.keys(of: range) else { return }
    try table.forEachKey(from: keys.lowerBound, in: transaction) { (key) throws(StoreError) in
      if key > keys.upperBound { return false }
      return key & 255 == 0 ? try body(key >> 8) : true
    }
  }

  private static func keys(of range: ClosedRange<UInt64>) -> ClosedRange<UInt64>? {
    let upper = min(range.upperBound, maximumDocID)
    return range.lowerBound <= upper ? (range.lowerBound << 8)...(upper << 8 | 255) : nil
  }
}
