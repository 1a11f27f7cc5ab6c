import ObjectStorage
import StorageIO

/// Terms that objects gain and lose in one transaction. They are written together, in key order: a block
/// that a batch touches a thousand times is read and written once.
struct PostingChanges {
  private struct Change {
    var term: [UInt8]
    var docID: UInt64
    var isMember: Bool
  }
  private var changes: [Change] = []

  /// So many changes are worth writing even in the middle of a transaction.
  private static let enough = 100_000

  var isLarge: Bool { changes.count >= PostingChanges.enough }

  /// Notes that the terms of an object are no longer `old` but `new`; both ascend.
  mutating func replace(_ old: [[UInt8]], by new: [[UInt8]], docID: UInt64) {
    var a = 0
    var b = 0
    while a < old.count || b < new.count {
      if a < old.count, b < new.count, old[a] == new[b] {
        a += 1
        b += 1
      } else if b == new.count || a < old.count && old[a].lexicographicallyPrecedes(new[b]) {
        changes.append(Change(term: old[a], docID: docID, isMember: false))
        a += 1
      } else {
        changes.append(Change(term: new[b], docID: docID, isMember: true))
        b += 1
      }
    }
  }

  /// Writes all changes and forgets them. Of several for one object and term the last one counts.
  /// - Returns: The numbers of indexes whose records are damaged; theirs are not written.
  mutating func write(
    to table: PostingTable, in transaction: WriteTransaction
  ) throws(StoreError) -> Set<UInt32> {
    var damaged = Set<UInt32>()
    // Stable: the sort must keep the order of changes to the same block.
    let order = changes.indices.sorted { a, b in
      let left = changes[a]
      let right = changes[b]
      if left.term != right.term { return left.term.lexicographicallyPrecedes(right.term) }
      let blocks = (left.docID >> PostingBlock.shift, right.docID >> PostingBlock.shift)
      return blocks.0 != blocks.1 ? blocks.0 < blocks.1 : a < b
    }
    var start = 0
    while start < order.count {
      let first = changes[order[start]]
      let block = first.docID >> PostingBlock.shift
      var end = start + 1
      while end < order.count, changes[order[end]].docID >> PostingBlock.shift == block,
        changes[order[end]].term == first.term
      {
        end += 1
      }
      let members = order[start..<end].map {
        PostingChange(docID: changes[$0].docID, isMember: changes[$0].isMember)
      }
      start = end
      do throws(StoreError) {
        try table.change(first.term, block: block, members, in: transaction)
      } catch {
        guard error.code == .corruption, let number = TermEncoder.index(of: first.term) else {
          throw error
        }
        damaged.insert(number)
      }
    }
    changes.removeAll()
    return damaged
  }
}
