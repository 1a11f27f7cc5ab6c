import CLMDB
import StorageIO

extension CollectionTables {
  /// Reads every value of the collection and compares it with its checksum and its form; `found` is called for each
  /// that is damaged. Property indexes are left to their own check, their checksums excepted.
  package func audit(
    vectors: VectorTable?, in transaction: Transaction, _ found: (DamagedValue) -> Void
  ) throws(StoreError) {
    try ids.table.audit(in: transaction, found) { key, payload in
      guard let id = ObjectID(keyBytes: key) else { return (nil, nil, "its key is no object id") }
      return (id.description, nil, payload.count == 8 ? nil : "it has \(payload.count) bytes")
    }
    try objects.table.audit(in: transaction, found) { key, payload in
      let docID = Self.number(key)
      do throws(StoreError) {
        _ = try ObjectTable.decode(payload)
        return (nil, docID, docID == nil ? "its key has \(key.count) bytes" : nil)
      } catch {
        return (nil, docID, error.message)
      }
    }
    try deleted.table.audit(in: transaction, found) { key, payload in
      (nil, Self.number(key), payload.count == 8 ? nil : "it has \(payload.count) bytes")
    }
    try artifacts.table.audit(in: transaction, found) { _, _ in (nil, nil, nil) }
    if let postings {
      try postings.table.audit(in: transaction, found) { _, _ in (nil, nil, nil) }
    }
    try auditVectors(vectors, in: transaction, found)
  }

  /// Parts of originals must be there, in order and of the right sizes.
  private func auditVectors(
    _ vectors: VectorTable?, in transaction: Transaction, _ found: (DamagedValue) -> Void
  ) throws(StoreError) {
    var current: UInt64?
    var parts = 0
    func finish() {
      guard let docID = current, let count = vectors?.layout.partCount, parts != count else {
        return
      }
      found(
        DamagedValue(
          table: vectorRecords.place.name, key: "\(docID)", docID: docID,
          reason: "it has \(parts) parts instead of \(count)"))
    }
    try vectorRecords.audit(
      in: transaction, found,
      name: { key in
        Self.number(key).map { ("\($0 >> 8) part \($0 & 255)", $0 >> 8) }
      }
    ) { key, payload in
      guard let number = Self.number(key) else {
        return (nil, nil, "its key has \(key.count) bytes")
      }
      return (
        nil, number >> 8,
        vectors.flatMap { vectors in
          let part = Int(number & 255)
          guard part < vectors.layout.partCount else { return "there is no such part" }
          let size = vectors.layout.size(ofPart: part)
          return payload.count == size ? nil : "it has \(payload.count) bytes instead of \(size)"
        }
      )
    }
    try vectorRecords.forEachKey(from: 0, in: transaction) { key in
      if current != key >> 8 {
        finish()
        current = key >> 8
        parts = 0
      }
      parts += 1
      return true
    }
    finish()
  }

  static func number(_ key: UnsafeRawBufferPointer) -> UInt64? {
    key.count == 8 ? key.loadUnaligned(as: UInt64.self) : nil
  }
}

extension BytesTable {
  /// Reads every value and compares it with its checksum.
  package func audit(
    in transaction: Transaction, _ found: (DamagedValue) -> Void
  ) throws(StoreError) {
    try table.audit(in: transaction, found) { key, _ in
      (String(validating: key, as: UTF8.self), nil, nil)
    }
  }
}

extension Table {
  /// Reads every value and compares it with its checksum. For those that match, `judge` says what the key is called,
  /// which version it belongs to, and what else is wrong; nil for nothing.
  func audit(
    in transaction: Transaction, _ found: (DamagedValue) -> Void,
    name: ((UnsafeRawBufferPointer) -> (String, UInt64)?)? = nil,
    _ judge: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> (
      key: String?, docID: UInt64?, reason: String?
    )
  ) throws(StoreError) {
    var count = 0
    try forEach(verifying: false, in: transaction) { key, value in
      count += 1
      var damage = DamagedValue(
        table: place.name, key: text(of: key), docID: nil, reason: "its checksum does not match")
      if let payload = payload(of: MDB_val(value), key: key) {
        let verdict = judge(key, payload)
        guard let reason = verdict.reason else { return true }
        damage.reason = reason
        damage.docID = verdict.docID
        if let key = verdict.key { damage.key = key }
      } else if let (text, docID) = name?(key) {
        (damage.key, damage.docID) = (text, docID)
      } else if place.name.hasSuffix(".objects") {
        damage.docID = CollectionTables.number(key)
      }
      found(damage)
      return true
    }
    let expected = try statistics(in: transaction).entries
    if count != expected {
      found(
        DamagedValue(
          table: place.name, key: "all", docID: nil,
          reason: "the table has \(count) records instead of \(expected)"))
    }
  }

  /// A key as people read it.
  private func text(of key: UnsafeRawBufferPointer) -> String {
    switch place.name.split(separator: ".").last {
    case "ids": ObjectID(keyBytes: key)?.description ?? Table.hex(key)
    case "objects", "vectors", "deleted":
      CollectionTables.number(key).map { "\($0)" } ?? Table.hex(key)
    case "postings": Table.hex(key)
    default: String(validating: key, as: UTF8.self) ?? Table.hex(key)
    }
  }
}
