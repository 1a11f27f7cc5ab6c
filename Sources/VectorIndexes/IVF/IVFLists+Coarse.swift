import VectorMath

extension IVFLists {
  /// Centroids compared at a time.
  private static let block = 512
  /// The share of the centroids that the groups searched for the nearest hold, at least.
  private static let groupedShare = 8

  private static let kernels = DistanceKernels.best.codeBatch(.l2Squared)

  /// As `ListBound.cosine`, for what a list's nearest rows may be expected to be like: wide lists hold nearer ones. On sift-1m
  /// the first 48 of 4,096 lists in this order hold as many true neighbours as the first 60 in order of centroids.
  static let orderCosine: Float = 0.5

  /// The lists most likely to hold the nearest rows, `wanted` at most, the best first, with the squared distances of their
  /// centroids in steps of the codes.
  func bestLists(_ query: SegmentQuery, wanted: Int, scratch: SearchScratch) -> [UInt64] {
    let near = nearestLists(query, wanted: 2 * wanted + 16, scratch: scratch)
    guard let first = near.first.map(PoolEntry.key) else { return [] }
    // Lists by their scores, which sort as their keys do; near ones stand in order already.
    var order = near.indices.map { place in
      let entry = near[place]
      let square = Float(PoolEntry.key(entry))
      let ordinal = UInt32(truncatingIfNeeded: place)
      if ListBound.isNearest(PoolEntry.key(entry), first: first) {
        return PoolEntry.make(key: 0, ordinal: ordinal)
      }
      let spread = spread(of: Int(PoolEntry.ordinal(entry)))
      let score = square + spread - 2 * Self.orderCosine * (square * spread).squareRoot()
      return PoolEntry.make(key: DistanceKey.key(of: score), ordinal: ordinal)
    }
    let kept = min(wanted, order.count)
    order.withUnsafeMutableBufferPointer { EntrySelection.moveSmallest(kept, of: $0) }
    order.removeLast(order.count - kept)
    order.sort()
    return order.map { near[Int(PoolEntry.ordinal($0))] }
  }

  /// The lists with the nearest centroids, nearest first, `wanted` at most.
  private func nearestLists(
    _ query: SegmentQuery, wanted: Int, scratch: SearchScratch
  ) -> [UInt64] {
    guard let kernels = Self.kernels else { return [] }
    let memory = scratch.reserveCodes(max(64, stride))
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: max(64, stride))
    CoarseSpace.Encoder(space).encodeQuery(
      query, into: memory.assumingMemoryBound(to: UInt8.self))
    scratch.beam.prepare(nodes: Self.block, entries: 1, batch: Self.block)
    let wanted = min(wanted, count)
    var best = BestRows(limit: wanted, storage: scratch.takeHits(), slack: wanted / 2 + 64)
    func scan(_ codes: UnsafeRawPointer, _ range: Range<Int>, _ best: inout BestRows) {
      let keys = scratch.beam.keys
      for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: Self.block) {
        let size = min(Self.block, range.upperBound - first)
        kernels.scan(
          memory, codes + first * stride, stride, size,
          stride % 64 == 0 ? stride : space.coarseDimensions, keys)
        best.add(keys, of: first..<first + size, nil)
      }
      scratch.beam.distances += range.count
    }
    // Of many lists only those in the nearest groups are looked at; all of them, where most are wanted.
    let least = max(count / Self.groupedShare, 4 * wanted)
    if groupCount > 0, least < count {
      var groups = BestRows(limit: groupCount, storage: [])
      scan(groupCodes, 0..<groupCount, &groups)
      var seen = 0
      for entry in groups.finish() where seen < least {
        let range = centroids(ofGroup: Int(PoolEntry.ordinal(entry)))
        scan(codes, range, &best)
        seen += range.count
      }
    } else {
      scan(codes, 0..<count, &best)
    }
    let found = best.finish()
    scratch.hits = best.storage
    return found
  }
}
