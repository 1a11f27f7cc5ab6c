import VectorMath

/// Makes the tail's next chunk, calibrated on the vectors that are about to go into it.
struct TailChunkMaker {
  private let shape: TailShape
  private let batch: [PreparedObject]

  init(collection: CollectionState, batch: [PreparedObject]) {
    // Only what the chunk needs is kept; holding the state itself would make its arrays shared.
    shape = TailShape(collection.configuration)
    self.batch = batch
  }

  /// A chunk for the rows from `position` of the batch on. A single row says little about the range
  /// of those that follow, so the newest rows of the chunk before it are worth a look as well.
  func makeChunk(from position: Int, after previous: TailView.Part?) -> TailChunk {
    guard shape.hasCodes else { return TailChunk(shape: shape, calibratedOn: []) }
    var sample: [VectorValue] = []
    for object in batch[position...].prefix(TailChunk.capacity) {
      if let vector = object.vector { sample.append(vector) }
    }
    if sample.count < 64, let previous {
      for row in (previous.start..<previous.end).suffix(256) {
        unsafe sample.append(shape.value(copying: previous.chunk.original(at: row)))
      }
    }
    return TailChunk(shape: shape, calibratedOn: sample)
  }
}
