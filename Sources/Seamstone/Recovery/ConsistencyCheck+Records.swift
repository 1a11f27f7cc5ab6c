import ObjectStorage
import StorageIO
import VectorIndexes

/// What a deep check reads: every value, every object, every original.
extension ConsistencyCheck {
  /// Compares every value with its checksum and form.
  func values(_ report: inout VerificationReport) throws(StoreError) {
    guard deep else { return }
    try ValueCheck(
      path: core.path, name: collection.name, tables: collection.tables,
      vectors: collection.vectors, transaction: transaction
    ).run(&report)
  }

  /// Every object must be listed under its id, and have the vector that it says it has.
  func objects(_ report: inout VerificationReport) throws(StoreError) {
    guard deep else { return }
    var unlisted = 0
    var misnamed = 0
    var withVector = 0
    var withoutIt = 0
    let tables = collection.tables
    var scratch = [UInt8](repeating: 0, count: collection.vectors?.byteCount ?? 0)
    try tables.objects.forEach(in: transaction) { (docID, object) throws(StoreError) in
      if try tables.ids.docID(for: object.id, in: transaction) != docID { unlisted += 1 }
      if object.hasVector {
        withVector += 1
        let isThere = try unsafe collection.vectors?.read(docID, in: transaction, into: &scratch)
        if isThere != true { withoutIt += 1 }
      }
      if let place = collection.segmentIndex(covering: docID),
        let id = collection.segments[place].handle?.objectID(of: docID), id != object.id
      {
        misnamed += 1
      }
      return true
    }
    if unlisted > 0 { add(&report, .records, "\(unlisted) objects are not listed by their id") }
    if withoutIt > 0 { add(&report, .records, "\(withoutIt) objects do not have their vector") }
    if misnamed > 0 {
      add(&report, .segment, "Segments give \(misnamed) objects another id than they have")
    }
    if withVector != Int(clamping: collection.counters.vectorCount) {
      add(
        &report, .records,
        "\(withVector) objects say they have a vector, "
          + "\(collection.counters.vectorCount) are counted")
    }
  }

  /// Every id must lead to the object that has it.
  func ids(_ report: inout VerificationReport) throws(StoreError) {
    guard deep else { return }
    var lost = 0
    var beyond = 0
    let objects = collection.tables.objects
    try collection.tables.ids.forEach(in: transaction) { (id, docID) throws(StoreError) in
      if try objects.objectID(of: docID, in: transaction) != id { lost += 1 }
      if docID >= collection.counters.nextDocID { beyond += 1 }
      return true
    }
    if lost > 0 { add(&report, .records, "\(lost) ids do not lead to their objects") }
    if beyond > 0 {
      add(&report, .records, "\(beyond) ids lead to DocIDs that were not given out yet")
    }
  }

  /// Every original must be finite and be searched: a segment or the tail has its row, and that is not deleted.
  /// Reading an original verifies its checksums.
  func originals(_ report: inout VerificationReport) throws(StoreError) {
    guard deep, let vectors = collection.vectors else { return }
    var broken = 0
    var unsearched = 0
    // Every pattern of bits is a vector of bits.
    let isOfFloats = collection.configuration.elementType == .float32
    try unsafe vectors.forEach(in: transaction) { docID, vector in
      if isOfFloats, unsafe !Self.isFinite(vector, byteCount: vectors.byteCount) { broken += 1 }
      if !isSearched(docID) { unsearched += 1 }
      return true
    }
    if broken > 0 { add(&report, .records, "\(broken) originals are not finite") }
    if unsearched > 0 {
      add(&report, .segment, "\(unsearched) vectors are in no segment and not in the tail")
    }
  }

  private static func isFinite(_ vector: UnsafeRawPointer, byteCount: Int) -> Bool {
    for offset in stride(from: 0, to: byteCount, by: MemoryLayout<Float>.stride)
    where unsafe !vector.loadUnaligned(fromByteOffset: offset, as: Float.self).isFinite {
      return false
    }
    return true
  }

  private func isSearched(_ docID: UInt64) -> Bool {
    if docID > collection.manifest.watermark {
      guard let (part, row) = collection.tail.find(docID) else { return false }
      return collection.tail.parts[part].isLive(row)
    }
    guard let place = collection.segmentIndex(covering: docID) else { return false }
    let view = collection.segments[place]
    // Without the file the interval is scanned.
    guard let handle = view.handle else { return true }
    guard let row = handle.index.ordinal(ofDocID: docID) else { return false }
    return view.deleted?.contains(row) != true
  }
}
