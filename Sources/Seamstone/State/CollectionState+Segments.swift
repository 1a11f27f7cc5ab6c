import VectorIndexes

extension CollectionState {
  /// The position of the segment whose interval holds `docID`; nil between intervals.
  func segmentIndex(covering docID: UInt64) -> Int? {
    var low = 0
    var high = manifest.entries.count
    while low < high {
      let middle = (low + high) / 2
      if manifest.entries[middle].lastDocID < docID { low = middle + 1 } else { high = middle }
    }
    guard low < manifest.entries.count, manifest.entries[low].firstDocID <= docID else {
      return nil
    }
    return low
  }

  /// Marks the row of `docID` in a segment deleted; a missing segment has no rows to mark.
  mutating func markDeleted(_ docID: UInt64, inSegmentAt index: Int) {
    guard let handle = segments[index].handle, let row = handle.index.ordinal(ofDocID: docID) else {
      return
    }
    var deleted = segments[index].deleted ?? RowSet(capacity: Int(segments[index].entry.rowCount))
    segments[index].deleted = nil
    deleted.insert(row)
    segments[index].deleted = deleted
  }
}
