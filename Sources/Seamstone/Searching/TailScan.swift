import VectorMath

/// Searches the tail: every row's int8 codes are scanned, and what may be among the closest is compared by
/// its original, which is in memory too. The answer is that of an exact scan, bit for bit: only rows whose
/// codes prove them too far are left out (`CodeBound`), so a chunk with a bad map costs time, not answers. Packed
/// bits have no codes and need none: counting those that differ is as quick.
///
/// Measured over 8,192 × 384 (text-25k, ten results): 0.93 times as long as comparing a fixed number of
/// candidates, which missed some; over independent random components, where no row stands out, 1.0 to 1.3
/// times.
struct TailScan {
  let tail: TailView
  let metric: Metric
  let query: [Float]
  let exact: ExactDistance

  /// Candidates that are compared first, beyond the limit: they only set a distance for others to beat.
  private static let spare = 8

  /// The closest `limit` live rows, with exact distances.
  func search(limit: Int, context: SearchContext) -> [Hit] {
    var certain = BestHits(limit: limit)
    let scanned = scan(into: &context.keys)
    // Candidates carry (part, row) in place of a DocID.
    var candidates = BestHits(limit: min(limit, Int.max - Self.spare) + Self.spare)
    for (index, part) in tail.parts.enumerated() {
      collect(part, index: index, scanned[index], context.keys, &candidates, &certain)
    }
    for candidate in candidates.sorted() {
      let index = Int(candidate.docID >> 32)
      let row = Int(candidate.docID & 0xFFFF_FFFF)
      let part = tail.parts[index]
      insertExact(part, row, into: &certain)
      // No row has this key: it is not looked at again.
      context.keys[scanned[index].keys + row - part.start] = .max
    }
    certain.settle()
    for (index, part) in tail.parts.enumerated() {
      if let prepared = scanned[index].query {
        complete(part, prepared, keys: scanned[index].keys, context.keys, &certain)
      }
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

  /// A part whose codes were compared with the query.
  private struct ScannedPart {
    /// Where the keys of its rows begin.
    let keys: Int
    /// The query in the part's map; nil where there are no codes.
    let query: QuantizedQuery?
    /// Whether the keys are the distances: those of packed bits are.
    var isCounted = false
  }

  /// Computes the keys of all rows.
  private func scan(into keys: inout [UInt32]) -> [ScannedPart] {
    let count = tail.rowCount
    if keys.count < count { keys = [UInt32](repeating: 0, count: count) }
    var scanned: [ScannedPart] = []
    scanned.reserveCapacity(tail.parts.count)
    var start = 0
    unsafe keys.withUnsafeMutableBufferPointer { keys in
      for part in tail.parts {
        let prepared = prepare(part)
        let count = part.end - part.start
        scanned.append(ScannedPart(keys: start, query: prepared, isCounted: exact.bits != nil))
        if let target = keys.baseAddress {
          if let bits = exact.bits {
            unsafe countBits(part, bits, into: target + start)
          } else if let prepared {
            unsafe compare(part, prepared, into: target + start)
          }
        }
        start += count
      }
    }
    return scanned
  }

  private func prepare(_ part: TailView.Part) -> QuantizedQuery? {
    guard let quantizer = part.chunk.quantizer else { return nil }
    return unsafe query.withUnsafeBufferPointer {
      unsafe $0.baseAddress.map(quantizer.prepareQuery)
    }
  }

  private func compare(
    _ part: TailView.Part, _ prepared: QuantizedQuery, into keys: UnsafeMutablePointer<UInt32>
  ) {
    guard let kernel = DistanceKernels.best.codeBatch(metric) else { return }
    unsafe prepared.bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      unsafe kernel.scan(
        base, part.chunk.codes(from: part.start), part.chunk.shape.codeStride,
        part.end - part.start, part.chunk.shape.dimensions, keys)
    }
  }

  private func countBits(
    _ part: TailView.Part, _ query: [UInt8], into keys: UnsafeMutablePointer<UInt32>
  ) {
    guard query.count * 8 == part.chunk.shape.dimensions else { return }
    unsafe query.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      unsafe DistanceKernels.best.bitsBatch.scan(
        base, part.chunk.original(at: part.start), part.chunk.shape.rowStride,
        part.end - part.start, query.count, keys)
    }
  }

  /// Offers the rows of a part as candidates, and compares those exactly that have no useful code.
  private func collect(
    _ part: TailView.Part, index: Int, _ scanned: ScannedPart, _ keys: [UInt32],
    _ candidates: inout BestHits, _ certain: inout BestHits
  ) {
    for row in part.start..<part.end where part.isLive(row) {
      if scanned.isCounted {
        let distance = Float(keys[scanned.keys + row - part.start])
        certain.insert(Hit(docID: part.chunk.docID(at: row), distance: distance, isExact: true))
        continue
      }
      guard let prepared = scanned.query, !part.chunk.isClipped(row) else {
        insertExact(part, row, into: &certain)
        continue
      }
      candidates.insert(
        Hit(
          docID: UInt64(index) << 32 | UInt64(row),
          distance: prepared.distance(ofKey: keys[scanned.keys + row - part.start]),
          isExact: false))
    }
  }

  /// Compares every other row exactly that may still be among the closest.
  private func complete(
    _ part: TailView.Part, _ prepared: QuantizedQuery, keys start: Int, _ keys: [UInt32],
    _ certain: inout BestHits
  ) {
    guard let quantizer = part.chunk.quantizer else { return }
    let largest = unsafe query.withUnsafeBufferPointer { vector in
      unsafe vector.baseAddress.map {
        unsafe CodeBound(quantizer, query: $0, prepared: prepared, rows: part.error)
          .largestKey(within: certain.threshold)
      }
    }
    guard let largest else { return }
    for row in part.start..<part.end where keys[start + row - part.start] <= largest {
      if part.isLive(row), !part.chunk.isClipped(row) { insertExact(part, row, into: &certain) }
    }
  }

  @inline(__always)
  private func insertExact(_ part: TailView.Part, _ row: Int, into best: inout BestHits) {
    unsafe best.insert(
      Hit(
        docID: part.chunk.docID(at: row),
        distance: exact.distance(toUnaligned: part.chunk.original(at: row)), isExact: true))
  }
}
