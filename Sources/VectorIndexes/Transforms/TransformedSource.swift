import StorageIO
import VectorMath

/// A source's vectors as a transform makes them, a block of them on all threads.
struct TransformedSource: VectorSource {
  let source: any VectorSource
  let transform: LinearTransform
  let team: ThreadTeam

  var docIDs: [UInt64] { source.docIDs }

  /// Bytes of vectors that are transformed at a time.
  private static let blockBytes = 1 << 20

  func readBytes(
    _ positions: Range<Int>,
    into body: (_ position: Int, _ vector: UnsafeRawPointer?) throws(StoreError) -> Void
  ) throws(StoreError) {
    let (inputs, outputs) = (transform.inputs, transform.outputs)
    let rows = max(1, Self.blockBytes / (4 * inputs))
    var vectors: [Float] = []
    var present: [Bool] = []
    var start = positions.lowerBound
    while start < positions.upperBound {
      let end = min(start + rows, positions.upperBound)
      vectors.removeAll(keepingCapacity: true)
      present.removeAll(keepingCapacity: true)
      try source.read(start..<end) { _, vector in
        present.append(vector != nil)
        if let vector {
          vectors.append(contentsOf: UnsafeBufferPointer(start: vector, count: inputs))
        }
      }
      let made = apply(vectors)
      var next = 0
      for (index, isThere) in present.enumerated() {
        guard isThere else {
          try body(start + index, nil)
          continue
        }
        let failure: StoreError? = made.withUnsafeBufferPointer { made in
          do throws(StoreError) {
            try body(start + index, made.baseAddress.map { UnsafeRawPointer($0 + next * outputs) })
            return nil
          } catch { return error }
        }
        if let failure { throw failure }
        next += 1
      }
      start = end
    }
  }

  private func apply(_ vectors: [Float]) -> [Float] {
    let (inputs, outputs) = (transform.inputs, transform.outputs)
    let count = vectors.count / inputs
    return [Float](unsafeUninitializedCapacity: count * outputs) { buffer, initialized in
      vectors.withUnsafeBufferPointer { vectors in
        guard let from = vectors.baseAddress, let to = buffer.baseAddress else { return }
        // Chunks write rows of their own, and all are done before this returns.
        nonisolated(unsafe) let (source, target) = (from, to)
        let transform = transform
        team.forEachChunk(of: count, size: 64) { _, range in
          transform.apply(
            source + range.lowerBound * inputs, count: range.count,
            to: target + range.lowerBound * outputs)
        }
      }
      initialized = count * outputs
    }
  }
}
