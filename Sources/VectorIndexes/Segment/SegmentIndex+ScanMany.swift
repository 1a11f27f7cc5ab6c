import VectorMath

extension SegmentIndex {
  /// Rows are compared in blocks that stay in the second-level cache while all queries come by.
  private static let blockBytes = 256 << 10
  /// Rows of a block where a kernel takes all queries at once.
  private static let tileRows = 48

  /// Whether `scanMany` is what a search of many queries comes to: every row is compared with each of them.
  package var isScanned: Bool { structure == nil && layers.isEmpty && fastScan == nil }

  /// As `scan` for each of the queries, which share what it costs to bring the rows to the processor. The answers are in
  /// the order of the queries; one that rows cannot be compared with is answered with nothing.
  package func scanMany(
    _ queries: [SegmentQuery], limit: Int, filter: SearchFilter? = nil, scratch: SearchScratch
  ) -> [[Candidate]] {
    let locals = queries.map { local($0, scratch) }
    let fitting = locals.indices.filter { locals[$0] != nil }
    var answers = [[Candidate]](repeating: [], count: queries.count)
    guard !fitting.isEmpty, limit > 0, count > 0 else { return answers }
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: codec.queryBytes * fitting.count, alignment: 64)
    defer { memory.deallocate() }
    guard let base = memory.baseAddress else { return answers }
    let made = locals.compactMap(\.self)
    let prepared = made.enumerated().map { place, query in
      codec.prepare(query, into: base + place * codec.queryBytes)
    }
    let found = nearest(prepared, base, wanted: min(shortlist(limit), count), filter, scratch)
    for (place, query) in fitting.enumerated() {
      answers[query] = candidates(
        of: found[place], made[place], prepared[place], limit: limit, scratch)
    }
    return answers
  }

  /// The best `wanted` allowed rows of each query with their keys, nearest first.
  private func nearest(
    _ queries: [PreparedQuery], _ memory: UnsafeRawPointer, wanted: Int, _ filter: SearchFilter?,
    _ scratch: SearchScratch
  ) -> [[UInt64]] {
    var best = queries.map { _ in BestRows(limit: wanted, storage: [], isAscending: true) }
    let tile = codec.tileKernel
    let room = tile == nil ? max(64, Self.blockBytes / layout.rowStride / 4 * 4) : Self.tileRows
    let keys = UnsafeMutablePointer<UInt32>.allocate(
      capacity: room * (tile == nil ? 1 : queries.count))
    defer { keys.deallocate() }
    for first in stride(from: 0, to: count, by: room) {
      let size = min(room, count - first)
      if let filter, !filter.allowsAny(of: first..<first + size) { continue }
      let rows = rowBase + first * layout.rowStride
      tile?.compare(
        memory, codec.queryBytes, queries.count, rows, layout.rowStride, size,
        codec.kernelDimensions, keys, room)
      for (place, query) in queries.enumerated() {
        let own = tile == nil ? keys : keys + place * room
        if tile == nil {
          query.kernels.scan(
            query.query, rows, layout.rowStride, size, codec.kernelDimensions, own)
        }
        best[place].add(own, of: first..<first + size, filter)
      }
      scratch.beam.distances += size * queries.count
    }
    return best.indices.map { best[$0].finish() }
  }
}
