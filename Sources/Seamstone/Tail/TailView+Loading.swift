import VectorMath

extension TailView {
  /// Appends rows read back from LMDB; a new chunk is calibrated on the rows it is made for.
  mutating func append(block: [(docID: UInt64, vector: VectorValue)], shape: TailShape) {
    for (position, row) in block.enumerated() {
      append(row.vector, docID: row.docID) { _ in
        TailChunk(
          shape: shape,
          calibratedOn: block[position...].prefix(TailChunk.capacity).map(\.vector))
      }
    }
  }
}
