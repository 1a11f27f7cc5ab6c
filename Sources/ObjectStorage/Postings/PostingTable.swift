import StorageIO

/// Which objects have a term: the term and the number of a block of DocIDs → the block's members.
///
/// The term comes first in the key, the block's number (six bytes, big-endian) last, so the blocks of a
/// term lie side by side and terms lie in the order of their bytes.
package struct PostingTable: Sendable {
  /// The database beneath.
  package let table: Table

  /// Bytes of the block's number at the end of a key.
  package static let blockBytes = 6
  /// The most bytes that a term may have.
  package static let maximumTermBytes = BytesTable.maximumKeyBytes - blockBytes

  /// Adds the DocIDs of one term to a set.
  package func collect(
    _ term: [UInt8], into set: inout DocIDSetBuilder, in transaction: Transaction
  ) throws(StoreError) {
    try forEachRecord(from: term, in: transaction) { (key, block, payload) throws(StoreError) in
      guard key.starts(with: term) else { return false }
      // A longer term that starts with this one.
      guard key.count == term.count else { return true }
      try add(block, payload, key, to: &set)
      return true
    }
  }

  /// Visits the records of all terms from `start` on in order, until `body` returns false: the term, the
  /// number of the block, and its bytes, to be handed to `add`.
  package func forEachRecord(
    from start: [UInt8], verifying: Bool = true, in transaction: Transaction,
    _ body: (UnsafeRawBufferPointer, UInt64, UnsafeRawBufferPointer) throws(StoreError) -> Bool
  ) throws(StoreError) {
    try start.withRawBytes { (first) throws(StoreError) in
      try table.forEach(
        from: first, verifying: verifying, in: transaction
      ) { (key, payload) throws(StoreError) in
        let length = key.count - PostingTable.blockBytes
        guard length > 0 else {
          throw table.damage(Table.hex(key), "its key has \(key.count) bytes")
        }
        var block: UInt64 = 0
        for byte in key[length...] { block = block << 8 | UInt64(byte) }
        return try body(UnsafeRawBufferPointer(rebasing: key[..<length]), block, payload)
      }
    }
  }

  /// Adds the members of a record to a set.
  package func add(
    _ block: UInt64, _ payload: UnsafeRawBufferPointer, _ term: UnsafeRawBufferPointer,
    to set: inout DocIDSetBuilder
  ) throws(StoreError) {
    guard set.insert(block: block, payload) else {
      throw table.damage(Table.hex(term), "it is not a list of DocIDs")
    }
  }

  /// The members of a record.
  package func members(
    _ block: UInt64, _ payload: UnsafeRawBufferPointer, _ term: UnsafeRawBufferPointer
  ) throws(StoreError) -> [UInt64] {
    var members = PostingBlock()
    guard members.read(payload) else {
      throw table.damage(Table.hex(term), "it is not a list of DocIDs")
    }
    var docIDs: [UInt64] = []
    for (index, word) in members.words.enumerated() {
      var rest = word
      while rest != 0 {
        docIDs.append(block << PostingBlock.shift + UInt64(index * 64 + rest.trailingZeroBitCount))
        rest &= rest - 1
      }
    }
    return docIDs
  }

  /// Changes one block of a term: adds and removes DocIDs in the order given.
  package func change(
    _ term: [UInt8], block: UInt64, _ changes: some Sequence<PostingChange>,
    in transaction: WriteTransaction
  ) throws(StoreError) {
    var key = term
    for shift in stride(from: 8 * (PostingTable.blockBytes - 1), through: 0, by: -8) {
      key.append(UInt8(truncatingIfNeeded: block >> UInt64(shift)))
    }
    try key.withRawBytes { (bytes) throws(StoreError) in
      var members = PostingBlock()
      if let stored = try table.get(bytes, in: transaction), !members.read(stored) {
        throw table.damage(Table.hex(bytes), "it is not a list of DocIDs")
      }
      var isChanged = false
      for change in changes
      where members.set(PostingBlock.offset(change.docID), to: change.isMember) {
        isChanged = true
      }
      guard isChanged else { return }
      let record = members.encoded()
      if record.isEmpty {
        try table.remove(bytes, in: transaction)
      } else {
        try record.withRawBytes { (value) throws(StoreError) in
          try table.put(bytes, value, in: transaction)
        }
      }
    }
  }

  /// Removes all records, whatever they are.
  package func removeAll(in transaction: WriteTransaction) throws(StoreError) {
    try table.empty(in: transaction)
  }

  /// Removes up to `limit` records of the terms that start with `prefix`; answers whether none is left.
  package func remove(
    prefix: [UInt8], limit: Int, in transaction: WriteTransaction
  ) throws(StoreError) -> Bool {
    var keys: [[UInt8]] = []
    try prefix.withRawBytes { (start) throws(StoreError) in
      try table.forEach(from: start, verifying: false, in: transaction) { key, _ in
        guard key.starts(with: prefix), keys.count < limit else { return false }
        keys.append(Array(key))
        return true
      }
    }
    for key in keys {
      try key.withRawBytes { (bytes) throws(StoreError) in
        _ = try table.remove(bytes, in: transaction)
      }
    }
    return keys.count < limit
  }
}

/// One object that gains or loses a term.
package struct PostingChange: Sendable {
  /// The version of the object.
  package var docID: UInt64
  /// Whether it has the term from now on.
  package var isMember: Bool

  /// Creates a change.
  package init(docID: UInt64, isMember: Bool) {
    self.docID = docID
    self.isMember = isMember
  }
}
