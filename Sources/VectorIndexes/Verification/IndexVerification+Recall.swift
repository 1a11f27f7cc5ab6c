import StorageIO
import VectorMath

extension IndexVerification {
  /// Searches for evenly spread nodes and compares with exact answers, both by codes.
  func measure(_ index: SegmentIndex, _ outcome: inout Outcome) throws(StoreError) {
    let nodes = index.layout.nodeCount
    let count = sampleCount(of: nodes, queryBytes: index.codec.stored?.queryBytes ?? 1)
    let chosen = (0..<count).map { $0 * nodes / count }
    var queries: [SampleQuery] = []
    for node in chosen {
      guard let vector = try vector(of: node, in: index) else { continue }
      queries.append(SampleQuery(index: index, vector: vector))
    }
    guard !queries.isEmpty else { return }
    let nearest = try exactKeys(index, queries)
    let scratch = SearchScratch()
    let ef = max(index.layout.efConstruction, 200, k)
    var found = 0
    var wanted = 0
    var selves = 0
    for (query, keys) in zip(queries, nearest) {
      let own = index.nearestKeys(query, ef: ef, count: k, scratch: scratch)
      guard let last = keys.last else { continue }
      wanted += keys.count
      found += own.filter { $0 <= last }.count
      if let best = own.first, let first = keys.first, best <= first { selves += 1 }
    }
    outcome.samples = queries.count
    outcome.recall = wanted == 0 ? 1 : Double(found) / Double(wanted)
    outcome.selfFound = Double(selves) / Double(queries.count)
  }

  /// The vector of a node; nil where there is none to be had.
  private func vector(of node: Int, in index: SegmentIndex) throws(StoreError) -> VectorValue? {
    if index.codec.stored == nil { return index.decodedVector(ofRow: node) }
    guard let originals, let docID = index.docID(ofOrdinal: node) else { return nil }
    let docIDs = originals.docIDs
    var (low, high) = (0, docIDs.count)
    while low < high {
      let middle = (low + high) / 2
      if docIDs[middle] < docID { low = middle + 1 } else { high = middle }
    }
    guard low < docIDs.count, docIDs[low] == docID else { return nil }
    var found: [Float]?
    try originals.read(low..<low + 1) { _, vector in
      found = vector.map { Array(UnsafeBufferPointer(start: $0, count: index.dimensions)) }
    }
    if let transform = index.transform { return found.map { .floats(transform.apply($0)) } }
    return found.map { .floats($0) }
  }

  /// For each query the keys of its k nearest nodes, ascending. Rows are read once: each block is
  /// compared with all queries while it is in the cache.
  private func exactKeys(
    _ index: SegmentIndex, _ queries: [SampleQuery]
  ) throws(StoreError) -> [[UInt32]] {
    let nodes = index.layout.nodeCount
    let block = 512
    let keys = UnsafeMutablePointer<UInt32>.allocate(capacity: block)
    defer { keys.deallocate() }
    var best = queries.map { _ in [UInt32]() }
    var first = 0
    while first < nodes {
      try checkCancelled()
      let size = min(block, nodes - first)
      for (i, query) in queries.enumerated() {
        query.scan(index, first: first, count: size, into: keys)
        var bar = best[i].count == k ? best[i][k - 1] : UInt32.max
        for j in 0..<size where keys[j] < bar || best[i].count < k {
          Self.insert(keys[j], into: &best[i], limit: k)
          if best[i].count == k { bar = best[i][k - 1] }
        }
      }
      first += size
    }
    return best
  }

  /// Of a full list the last one leaves, which is not below the key.
  private static func insert(_ key: UInt32, into best: inout [UInt32], limit: Int) {
    if best.count == limit { best.removeLast() }
    var place = best.count
    while place > 0, best[place - 1] > key { place -= 1 }
    best.insert(key, at: place)
  }
}

/// A node's own vector as a query.
struct SampleQuery {
  private let scratch = SearchScratch()
  let query: SegmentQuery
  let prepared: PreparedQuery

  /// Of a vector as the rows are.
  init(index: SegmentIndex, vector: VectorValue) {
    query = SegmentQuery(metric: index.metric, value: vector)
    prepared = index.codec.prepare(query, scratch)
  }

  /// The keys of neighbouring rows.
  func scan(
    _ index: SegmentIndex, first: Int, count: Int, into keys: UnsafeMutablePointer<UInt32>
  ) {
    prepared.kernels.scan(
      prepared.query, index.rowBase + first * index.layout.rowStride, index.layout.rowStride, count,
      index.codec.kernelDimensions, keys)
  }
}

extension SegmentIndex {
  /// The vector that a row of bits, float32 or int8 in range stands for, as well as the segment knows it.
  func decodedVector(ofRow row: Int) -> VectorValue {
    if codec.holdsBits {
      return VectorValue(
        copying: rowBase + row * layout.rowStride, elementType: .bits, dimensions: dimensions)
    }
    var vector = [Float](repeating: 0, count: rowDimensions)
    let address = rowBase + row * layout.rowStride
    vector.withUnsafeMutableBufferPointer { buffer in
      guard let out = buffer.baseAddress else { return }
      if let quantizer = codec.quantizer {
        let tier = residuals.map {
          ($0.base + row * layout.residualStride).assumingMemoryBound(to: UInt8.self)
        }
        quantizer.decode(
          codes: address.assumingMemoryBound(to: UInt8.self), residuals: tier, into: out)
      } else {
        out.update(from: address.assumingMemoryBound(to: Float.self), count: rowDimensions)
      }
    }
    return .floats(vector)
  }

  /// The keys of the nearest nodes that a walk, or the search of another structure, finds, ascending.
  func nearestKeys(
    _ query: SampleQuery, ef: Int, count: Int, scratch: SearchScratch
  ) -> [UInt32] {
    if let structure {
      return structure.nearest(
        self, query.query, query.prepared, count: count, scratch: scratch
      ).prefix(count).map { PoolEntry.key($0) }
    }
    walk(query.prepared, ef: ef, width: 2, scratch: scratch)
    let beam = scratch.beam
    return (0..<min(count, beam.size)).map { PoolEntry.key(beam.pool[$0]) }
  }
}
