import ObjectStorage
import StorageIO
import VectorIndexes

/// What a deep check reads: every value, every object, every original.
extension ConsistencyCheck {
  /// Compares every value with its checksum and form, and names those that are damaged by table, key and object.
  func values(_ report: inout VerificationReport) throws(StoreError) {
    guard deep else { return }
    var damaged: [DamagedValue] = []
    var count = 0
    try collection.tables.audit(vectors: collection.vectors, in: transaction) { value in
      count += 1
      if damaged.count < Self.mostSpelledOut { damaged.append(value) }
    }
    if count == 0 { return }
    let ids = objectIDs(of: Set(damaged.compactMap(\.docID)))
    for value in damaged {
      let owner = value.docID.flatMap { ids[$0] }.map { ", object \($0)" } ?? ""
      let isIndex = value.table.hasSuffix(".postings")
      add(
        &report, isIndex ? .propertyIndex : .records,
        "The value of key \(value.key) in \(value.table)\(owner) is damaged: \(value.reason)")
    }
    if count > damaged.count {
      add(&report, .records, "\(count - damaged.count) more values are damaged")
    }
  }

  /// The ids of objects whose records may be damaged, as the ids know them.
  private func objectIDs(of docIDs: Set<UInt64>) -> [UInt64: ObjectID] {
    var found: [UInt64: ObjectID] = [:]
    // Where the ids are damaged, too, those read so far have to do.
    try? collection.tables.ids.forEach(in: transaction) { id, docID in
      if docIDs.contains(docID) { found[docID] = id }
      return true
    }
    return found
  }

  /// Every object must be listed under its id, and have the vector that it says it has.
  func objects(_ report: inout VerificationReport) throws(StoreError) {
    guard deep else { return }
    var unlisted = 0
    var misnamed = 0
    var withVector = 0
    var withoutIt = 0
    let tables = collection.tables
    var scratch = [Float](repeating: 0, count: collection.vectors?.dimensions ?? 0)
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
    try unsafe vectors.forEach(in: transaction) { docID, vector in
      for component in 0..<vectors.dimensions where unsafe !vector[component].isFinite {
        broken += 1
        break
      }
      if !isSearched(docID) { unsearched += 1 }
      return true
    }
    if broken > 0 { add(&report, .records, "\(broken) originals are not finite") }
    if unsearched > 0 {
      add(&report, .segment, "\(unsearched) vectors are in no segment and not in the tail")
    }
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
