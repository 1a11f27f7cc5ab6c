import ObjectStorage
import StorageIO
import VectorIndexes

/// Streams originals out of LMDB to a segment builder, in short read transactions, so that a long
/// build pins no pages. A vector that was deleted since the job was planned is reported as vanished.
final class OriginalSource: VectorSource {
  let docIDs: [UInt64]
  private let environment: LMDBEnvironment
  private let vectors: VectorTable
  /// Vectors read in one transaction.
  private static let stride = 4_096

  /// Plans to read the vectors that `transaction` sees in `interval`.
  init(
    interval: ClosedRange<UInt64>, vectors: VectorTable, environment: LMDBEnvironment,
    transaction: ReadTransaction
  ) throws(StoreError) {
    var found: [UInt64] = []
    try vectors.forEachDocID(docIDs: interval, in: transaction) { docID in
      found.append(docID)
      return true
    }
    docIDs = found
    self.environment = environment
    self.vectors = vectors
  }

  func readBytes(
    _ positions: Range<Int>, into body: (Int, UnsafeRawPointer?) throws(StoreError) -> Void
  ) throws(StoreError) {
    var next = positions.lowerBound
    while next < positions.upperBound {
      let end = min(next + Self.stride, positions.upperBound)
      let transaction = try environment.beginRead()
      defer { transaction.end() }
      try unsafe vectors.forEach(
        docIDs: docIDs[next]...docIDs[end - 1], in: transaction
      ) { (docID, vector) throws(StoreError) in
        while next < end, docIDs[next] < docID {
          try body(next, nil)
          next += 1
        }
        guard next < end, docIDs[next] == docID else { return true }
        try unsafe body(next, vector)
        next += 1
        return true
      }
      while next < end {
        try body(next, nil)
        next += 1
      }
    }
  }
}
