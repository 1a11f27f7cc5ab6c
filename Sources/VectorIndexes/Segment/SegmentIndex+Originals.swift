import StorageIO
import VectorMath

extension SegmentIndex {
  /// How much of the originals the rows have kept.
  package enum Fidelity: Sendable {
    /// Every bit.
    case exact
    /// The direction: cosine tells nothing else apart.
    case directions
    /// Estimates, from which no original can be had.
    case estimates
  }

  /// How much of the originals the rows have kept.
  package var fidelity: Fidelity {
    guard codec.stored == nil else { return .estimates }
    if reproducesOriginals || codec.holdsBits { return .exact }
    return encoding == .float32 && metric == .cosine ? .directions : .estimates
  }

  /// Visits the vectors in the order of their DocIDs: `rank` counts them. Nothing if the rows are only estimates.
  package func forEachOriginal(
    _ body: (_ rank: Int, _ docID: UInt64, _ vector: VectorValue) throws(StoreError) -> Void
  ) throws(StoreError) {
    if fidelity == .estimates { return }
    for rank in 0..<count {
      guard let (docID, row) = directory.entry(rank: rank), row >= 0, row < count else { continue }
      try body(rank, docID, decodedVector(ofRow: row))
    }
  }
}
