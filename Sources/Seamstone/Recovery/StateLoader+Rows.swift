import ObjectStorage
import StorageIO
import VectorMath

/// Which rows there are above the watermark, and which are deleted. Following a commit reads what came
/// after the version known before.
extension StateLoader {
  /// Brings a tail up to date with the vectors above the watermark, as far as they are new; answers how
  /// many were appended, deleted ones among the known not looked at.
  func loadTail(
    _ collection: inout CollectionState, _ transaction: ReadTransaction,
    previous: CollectionState?
  ) throws(StoreError) -> Int {
    guard let vectors = collection.vectors else { return 0 }
    var tail = collection.tail
    // In place: a second reference would make every change a copy.
    collection.tail = TailView()
    let watermark = collection.manifest.watermark
    tail.dropThrough(watermark)
    // DocIDs grow and are never given twice: what the version before could not know lies above all
    // it had given out.
    let first = max(watermark + 1, previous?.counters.nextDocID ?? 1)
    let shape = TailShape(collection.configuration)
    var pending: [(UInt64, VectorValue)] = []
    var count = 0
    if first <= VectorTable.maximumDocID {
      try unsafe vectors.forEach(
        docIDs: first...VectorTable.maximumDocID, in: transaction
      ) { docID, vector in
        unsafe pending.append((docID, shape.value(copying: vector)))
        count += 1
        if pending.count == shape.capacity {
          tail.append(block: pending, shape: shape)
          pending.removeAll(keepingCapacity: true)
        }
        return true
      }
    }
    tail.append(block: pending, shape: shape)
    collection.tail = tail
    work.didReadTailRows(count)
    return count
  }

  /// Marks deleted rows: all of those in segments that are new here, and elsewhere those that were
  /// deleted since the version known before.
  func loadDeletes(
    _ collection: inout CollectionState, _ transaction: ReadTransaction,
    previous: (transactionID: UInt64, state: CollectionState)?, appended: Int
  ) throws(StoreError) {
    let known = Set(previous?.state.segments.filter { $0.handle != nil }.map(\.entry) ?? [])
    var found: [UInt64] = []
    for entry in collection.manifest.entries where !known.contains(entry) {
      try collection.tables.deleted.forEach(
        docIDs: entry.firstDocID...entry.lastDocID, in: transaction
      ) { docID, _ in
        found.append(docID)
        return true
      }
    }
    work.didReadDeleteRecords(found.count)
    if let previous {
      found += try deletes(since: previous, in: collection, transaction, appended: appended)
    }
    for docID in found {
      if docID > collection.manifest.watermark {
        _ = collection.tail.delete(docID)
      } else if let index = collection.segmentIndex(covering: docID) {
        collection.markDeleted(docID, inSegmentAt: index)
      }
    }
    for index in collection.segments.indices { collection.segments[index].refreshFilter() }
  }

  /// The vectors of an earlier version that are gone since then.
  private func deletes(
    since previous: (transactionID: UInt64, state: CollectionState), in collection: CollectionState,
    _ transaction: ReadTransaction, appended: Int
  ) throws(StoreError) -> [UInt64] {
    let earlier = previous.state.counters
    guard earlier.nextDocID > 1 else { return [] }
    // The counters tell how many are gone, unless some of the new vectors are in a segment already and
    // so were not counted as appended.
    var missing: Int?
    if collection.manifest.watermark < earlier.nextDocID {
      let expected = Int(clamping: earlier.vectorCount) + appended
      missing = expected - Int(clamping: collection.counters.vectorCount)
    }
    if let missing, missing <= 0 { return [] }
    // Records are in the order of DocIDs, not of commits: they are read until all are found.
    var found: [UInt64] = []
    var count = 0
    try collection.tables.deleted.forEach(
      docIDs: 1...(earlier.nextDocID - 1), in: transaction
    ) { docID, commitNumber in
      count += 1
      if commitNumber > previous.transactionID { found.append(docID) }
      return missing.map { found.count < $0 } ?? true
    }
    work.didReadDeleteRecords(count)
    return found
  }
}
