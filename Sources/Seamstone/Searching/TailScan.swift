import VectorMath

/// Searches the tail: every row's int8 codes are scanned, and the best candidates are compared by
/// their originals, which are in memory too.
struct TailScan {
  let tail: TailView
  let metric: Metric
  let query: [Float]
  let exact: ExactDistance

  /// The closest `limit` live rows, with exact distances.
  func search(limit: Int, context: SearchContext) -> [Hit] {
    // Codes order a few neighbours wrongly, so more candidates are kept than are asked for.
    let wanted = limit * 2 + 24
    var candidates = BestHits(limit: wanted)
    var certain = BestHits(limit: limit)
    for (index, part) in tail.parts.enumerated() {
      scan(part, index: index, into: &candidates, certain: &certain, context: context)
    }
    for candidate in candidates.sorted() {
      let part = tail.parts[Int(candidate.docID >> 32)]
      let row = Int(candidate.docID & 0xFFFF_FFFF)
      insertExact(part, row, into: &certain)
    }
    return certain.sorted()
  }

  /// The closest `limit` live rows, every row compared by its original.
  func exactSearch(limit: Int, where isAllowed: ((UInt64) -> Bool)? = nil) -> [Hit] {
    var best = BestHits(limit: limit)
    for part in tail.parts {
      for row in part.start..<part.end where part.isLive(row) {
        if let isAllowed, !isAllowed(part.chunk.docID(at: row)) { continue }
        insertExact(part, row, into: &best)
      }
    }
    return best.sorted()
  }

  /// Candidates carry (part, row) in place of a DocID.
  private func scan(
    _ part: TailView.Part, index: Int, into candidates: inout BestHits, certain: inout BestHits,
    context: SearchContext
  ) {
    guard let quantizer = part.chunk.quantizer else {
      for row in part.start..<part.end where part.isLive(row) {
        insertExact(part, row, into: &certain)
      }
      return
    }
    let prepared = unsafe query.withUnsafeBufferPointer {
      unsafe $0.baseAddress.map(quantizer.prepareQuery)
    }
    guard let prepared, let kernel = DistanceKernels.best.codeBatch(metric) else { return }
    let count = part.end - part.start
    if context.keys.count < count {
      context.keys = [UInt32](repeating: 0, count: TailChunk.capacity)
    }
    unsafe prepared.bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      unsafe kernel.scan(
        base, part.chunk.codes(from: part.start), part.chunk.stride, count, part.chunk.dimensions,
        &context.keys)
    }
    for offset in 0..<count {
      let row = part.start + offset
      guard part.isLive(row) else { continue }
      if part.chunk.isClipped(row) {
        insertExact(part, row, into: &certain)
      } else {
        candidates.insert(
          Hit(
            docID: UInt64(index) << 32 | UInt64(row),
            distance: prepared.distance(ofKey: context.keys[offset]), isExact: false))
      }
    }
  }

  @inline(__always)
  private func insertExact(_ part: TailView.Part, _ row: Int, into best: inout BestHits) {
    unsafe best.insert(
      Hit(
        docID: part.chunk.docID(at: row),
        distance: exact.distance(to: part.chunk.original(at: row)), isExact: true))
  }
}
