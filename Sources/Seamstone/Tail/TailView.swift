import VectorMath

/// What one version of the store sees of a collection's tail: the vectors above the indexed
/// watermark, in DocID order.
struct TailView: Sendable {
  /// The visible rows of one chunk.
  struct Part: Sendable {
    let chunk: TailChunk
    var start: Int
    var end: Int
    var deleted: RowSet?
    /// How far codes are from their rows at most; rows outside the map do not count.
    var error = CodeError()

    var liveCount: Int { end - start - (deleted?.count ?? 0) }
    func isLive(_ row: Int) -> Bool { !(deleted?.contains(row) ?? false) }
  }

  private(set) var parts: [Part]

  init(parts: [Part] = []) { self.parts = parts }

  /// Rows kept, deleted ones included: what scanning and memory cost.
  var rowCount: Int { parts.reduce(0) { $0 + $1.end - $1.start } }
  /// Rows that a search may return.
  var liveCount: Int { parts.reduce(0) { $0 + $1.liveCount } }
  /// The highest DocID in the tail; nil if it is empty.
  var lastDocID: UInt64? { parts.last.map { $0.chunk.docID(at: $0.end - 1) } }

  /// Appends a row; the chunk is the last part's, or a new one when that is full.
  mutating func append(_ vector: VectorValue, docID: UInt64, newChunk: (Part?) -> TailChunk) {
    if let last = parts.last, last.end < last.chunk.capacity {
      let error = last.chunk.store(vector, docID: docID, at: last.end)
      parts[parts.count - 1].end += 1
      parts[parts.count - 1].error.formUnion(error)
    } else {
      let chunk = newChunk(parts.last)
      let error = chunk.store(vector, docID: docID, at: 0)
      parts.append(Part(chunk: chunk, start: 0, end: 1, deleted: nil, error: error))
    }
  }

  /// Marks the row of `docID` deleted; answers whether it was there and live.
  mutating func delete(_ docID: UInt64) -> Bool {
    guard let (index, row) = find(docID) else { return false }
    var deleted = parts[index].deleted ?? RowSet(capacity: TailChunk.capacity)
    parts[index].deleted = nil
    let isNew = deleted.insert(row)
    parts[index].deleted = deleted
    return isNew
  }

  /// Drops the rows up to and including `docID`, which a segment now covers.
  mutating func dropThrough(_ docID: UInt64) {
    parts = parts.compactMap { part in
      var part = part
      while part.start < part.end, part.chunk.docID(at: part.start) <= docID {
        if part.deleted?.contains(part.start) == true {
          part.deleted = part.deleted?.removing(part.start)
        }
        part.start += 1
      }
      return part.start < part.end ? part : nil
    }
  }

  /// The part and row of `docID`.
  func find(_ docID: UInt64) -> (part: Int, row: Int)? {
    var low = 0
    var high = parts.count
    while low < high {
      let middle = (low + high) / 2
      if parts[middle].chunk.docID(at: parts[middle].end - 1) < docID {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < parts.count else { return nil }
    let part = parts[low]
    var first = part.start
    var last = part.end
    while first < last {
      let middle = (first + last) / 2
      if part.chunk.docID(at: middle) < docID { first = middle + 1 } else { last = middle }
    }
    guard first < part.end, part.chunk.docID(at: first) == docID else { return nil }
    return (low, first)
  }
}
