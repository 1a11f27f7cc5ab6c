import StorageIO

/// DocIDs that were deleted or replaced, until no segment contains them: DocID → the number of the
/// commit that did it.
package struct DeletedTable: Sendable {
  /// The database beneath.
  package let table: Table

  /// Notes that `docID` is gone since commit `commitNumber`.
  package func put(
    _ docID: UInt64, commitNumber: UInt64, in transaction: WriteTransaction
  ) throws(StoreError) {
    try withWord(commitNumber) { (word) throws(StoreError) in
      try table.put(docID, word, in: transaction)
    }
  }

  /// Forgets a delete record; false if there was none.
  @discardableResult
  package func remove(_ docID: UInt64, in transaction: WriteTransaction) throws(StoreError) -> Bool
  {
    try table.remove(docID, in: transaction)
  }

  /// Visits the records of a range in order (DocID, commit number), until `body` returns false.
  package func forEach(
    docIDs range: ClosedRange<UInt64> = 0...UInt64.max, in transaction: Transaction,
    _ body: (UInt64, UInt64) throws(StoreError) -> Bool
  ) throws(StoreError) {
    try table.forEach(in: range, in: transaction) { (docID, payload) throws(StoreError) in
      try body(docID, try number(payload, docID))
    }
  }

  /// How many records there are.
  package func count(in transaction: Transaction) throws(StoreError) -> Int {
    try table.statistics(in: transaction).entries
  }

  private func number(
    _ payload: UnsafeRawBufferPointer, _ docID: UInt64
  ) throws(StoreError) -> UInt64 {
    guard payload.count == 8 else { throw table.damage(String(docID), "\(payload.count) bytes") }
    return UInt64(littleEndian: payload.loadUnaligned(as: UInt64.self))
  }
}
