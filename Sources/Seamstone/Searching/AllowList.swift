import ObjectStorage
import StorageIO
import VectorIndexes

/// The objects that a search may return, in the form in which segments and tail take it. Belongs to one
/// version of a collection and takes its deletes into account.
final class AllowList: Sendable {
  let docIDs: DocIDSet
  /// One for each segment; nil for those that are missing.
  let filters: [SearchFilter?]
  /// The tail with everything else deleted.
  let tail: TailView
  /// Vectors that may be returned.
  let count: Int

  init(
    _ docIDs: DocIDSet, state: CollectionState, transaction: ReadTransaction
  ) throws(StoreError) {
    self.docIDs = docIDs
    var count = 0
    var filters: [SearchFilter?] = []
    for segment in state.segments {
      if let filter = AllowList.filter(docIDs, segment) {
        filters.append(filter)
        count += filter.allowedCount
      } else {
        filters.append(nil)
        try state.vectors?.forEachDocID(
          docIDs: segment.entry.firstDocID...segment.entry.lastDocID, in: transaction
        ) { docID in
          if docIDs.contains(docID) { count += 1 }
          return true
        }
      }
    }
    self.filters = filters
    tail = state.tail.restricted(to: docIDs)
    self.count = count + tail.liveCount
  }

  var byteCount: Int {
    docIDs.byteCount + filters.reduce(0) { $0 + ($1?.byteCount ?? 0) } + tail.parts.count * 256
  }

  /// Up to this part of a segment's rows, listed DocIDs are looked up one by one.
  private static let sparseShare = 16

  private static func filter(_ docIDs: DocIDSet, _ segment: SegmentView) -> SearchFilter? {
    guard let index = segment.handle?.index else { return nil }
    let interval = segment.entry.firstDocID...segment.entry.lastDocID
    let first = interval.lowerBound >> PostingBlock.shift
    let last = interval.upperBound >> PostingBlock.shift
    let deleted = segment.deleted?.words
    let listed = docIDs.listedCount(around: interval)
    // A segment whose objects were mostly replaced covers many more DocIDs than it has rows.
    let isThin = last - first > UInt64(index.count / 1024 + 64)
    if isThin || listed < index.count / sparseShare {
      var ids: [UInt64] = []
      ids.reserveCapacity(listed)
      docIDs.forEachListed(in: interval) {
        ids.append($0)
        return true
      }
      return index.filter(docIDs: ids, allowsListed: !docIDs.isComplement, deleted: deleted)
    }
    return index.filter(
      bitmap: docIDs.bitmap(blocks: first...last), from: first << PostingBlock.shift,
      allowsListed: !docIDs.isComplement, deleted: deleted)
  }
}

extension TailView {
  /// The tail as if all other rows were deleted.
  func restricted(to docIDs: DocIDSet) -> TailView {
    TailView(
      parts: parts.compactMap { part in
        var deleted = part.deleted ?? RowSet(capacity: TailChunk.capacity)
        for row in part.start..<part.end where !docIDs.contains(part.chunk.docID(at: row)) {
          deleted.insert(row)
        }
        let live = part.end - part.start - deleted.count
        guard live > 0 else { return nil }
        var allowed = part
        allowed.deleted = deleted
        return allowed
      })
  }
}
