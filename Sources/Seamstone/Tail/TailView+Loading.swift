import VectorMath

extension TailView {
  /// Appends rows read back from LMDB; a new chunk is calibrated on the rows it is made for.
  mutating func append(block: [(docID: UInt64, vector: [Float])], dimensions: Int, metric: Metric) {
    for (position, row) in block.enumerated() {
      append(row.vector, docID: row.docID) { _ in
        TailChunk(
          dimensions: dimensions, metric: metric,
          calibratedOn: block[position...].prefix(TailChunk.capacity).map(\.vector))
      }
    }
  }
}
