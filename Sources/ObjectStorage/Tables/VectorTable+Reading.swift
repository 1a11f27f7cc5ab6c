import CLMDB
import StorageIO

/// Reading originals by DocID: what rescoring does for a dozen candidates of every query.
///
/// Allocates nothing. All originals of a group are found first and fetched ahead of time, then
/// checked and copied; the copy also aligns them, because LMDB aligns values to two bytes only.
extension VectorTable {
  /// Copies one original to `target` (`byteCount` bytes); false if there is none.
  package func read(
    _ docID: UInt64, in transaction: Transaction, into target: UnsafeMutableRawPointer
  ) throws(StoreError) -> Bool {
    let cursor = try transaction.cursor(table)
    guard try locate(docID, cursor, transaction, place: 0) else { return false }
    try copy(docID, transaction, place: 0, to: target)
    return true
  }

  /// Copies the originals of `docIDs`, which should ascend, to rows of `byteStride` bytes.
  ///
  /// - Throws: `corruption` if a checksum fails or an original is missing.
  package func read(
    _ docIDs: UnsafeBufferPointer<UInt64>, in transaction: Transaction,
    into rows: UnsafeMutableRawPointer, byteStride: Int
  ) throws(StoreError) {
    let handle = try transaction.open()
    let tree = transaction.environment.flatMap {
      transaction.isReadOnly ? PageTree(table, in: handle, environment: $0) : nil
    }
    let group = max(1, min(Transaction.slotCapacity, Transaction.placeCapacity / layout.partCount))
    var first = 0
    while first < docIDs.count {
      let end = min(docIDs.count, first &+ group)
      if let tree { locateGroup(docIDs[first..<end], tree, transaction) }
      for index in first..<end {
        let place = (index &- first) &* layout.partCount
        if tree != nil, transaction.places[place].baseAddress != nil { continue }
        if try !locate(docIDs[index], try transaction.cursor(table), transaction, place: place) {
          throw table.damage(String(docIDs[index]), "the original is missing")
        }
      }
      for index in first..<end {
        let place = (index &- first) &* layout.partCount
        try copy(docIDs[index], transaction, place: place, to: rows + index &* byteStride)
      }
      first = end
    }
  }

  /// Finds the parts of an original and starts fetching them; false if there is none.
  @inline(__always)
  private func locate(
    _ docID: UInt64, _ cursor: OpaquePointer, _ transaction: Transaction, place: Int
  ) throws(StoreError) -> Bool {
    if docID > VectorTable.maximumDocID { return false }
    let word = transaction.keyWord
    word.pointee = docID << 8
    var key = MDB_val(mv_size: 8, mv_data: UnsafeMutableRawPointer(word))
    var value = MDB_val()
    var code = mdb_cursor_get(cursor, &key, &value, MDB_SET)
    if code == MDB_NOTFOUND { return false }
    var part = 0
    while true {
      if code != 0 { throw failure(code, docID, part) }
      guard let start = value.mv_data,
        value.mv_size == layout.size(ofPart: part) &+ Table.checksumSize
      else { throw table.damage("\(docID) part \(part)", "it has \(value.mv_size) bytes") }
      transaction.places[place &+ part] = UnsafeRawBufferPointer(start: start, count: value.mv_size)
      fetch(start, value.mv_size)
      part &+= 1
      if part == layout.partCount { return true }
      code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
      if code == 0,
        key.mv_size != 8 || key.mv_data.loadUnaligned(as: UInt64.self) != docID << 8 | UInt64(part)
      {
        throw table.damage("\(docID) part \(part)", "it is missing")
      }
    }
  }

  /// Asks for the first lines of a part; the CPU's own prefetcher takes over from there.
  @inline(__always)
  func fetch(_ start: UnsafeRawPointer, _ count: Int) {
    var offset = 0
    while offset < min(count, 1024) {
      seamstone_prefetch(start + offset)
      offset &+= 64
    }
  }

  /// Checks the parts found and copies them together.
  @inline(__always)
  private func copy(
    _ docID: UInt64, _ transaction: Transaction, place: Int,
    to target: UnsafeMutableRawPointer
  ) throws(StoreError) {
    let word = transaction.keyWord
    let key = UnsafeRawBufferPointer(start: word, count: 8)
    var output = target
    for part in 0..<layout.partCount {
      let bytes = transaction.places[place &+ part]
      word.pointee = docID << 8 | UInt64(part)
      let value = MDB_val(bytes)
      guard let payload = table.payload(of: value, key: key), let source = payload.baseAddress
      else {
        throw table.damage("\(docID) part \(part)", "its checksum does not match")
      }
      output.copyMemory(from: source, byteCount: payload.count)
      output += payload.count
    }
  }

  @inline(never)
  private func failure(_ code: Int32, _ docID: UInt64, _ part: Int) -> StoreError {
    code == MDB_NOTFOUND
      ? table.damage("\(docID) part \(part)", "it is missing")
      : table.failure("mdb_cursor_get", code, "\(docID) part \(part)")
  }
}
