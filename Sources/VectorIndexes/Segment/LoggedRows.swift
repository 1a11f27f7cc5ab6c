import VectorMath

/// Compares the rows that a search has noted in the log of its beam.
enum LoggedRows {
  /// Rows that are compared at a time; the beam has to be prepared for so many.
  static let batch = 512

  /// The best of the logged rows (all of them in range) with their keys, nearest first, and some that are as near as the last.
  static func best(
    _ index: SegmentIndex, _ prepared: PreparedQuery, count: Int, _ scratch: SearchScratch
  ) -> [UInt64] {
    let beam = scratch.beam
    var best = BestRows(limit: count, storage: scratch.takeHits(), keepsTies: true)
    for first in stride(from: 0, to: beam.logged, by: batch) {
      let size = min(batch, beam.logged - first)
      prepared.kernels.gather(
        prepared.query, index.rowBase, index.layout.rowStride, beam.log + first, size,
        index.codec.kernelDimensions, beam.keys)
      for i in 0..<size where beam.keys[i] <= best.bar {
        best.add(key: beam.keys[i], row: beam.log[first + i])
      }
    }
    beam.distances += beam.logged
    let entries = best.finish()
    scratch.hits = best.storage
    return entries
  }
}
