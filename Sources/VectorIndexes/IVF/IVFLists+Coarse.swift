import VectorMath

extension IVFLists {
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
    guard let first = near.min().map(PoolEntry.key) else { return [] }
    // Keys of scores, which are not below 0, come after those of the nearest lists, which stand for themselves.
    var order = near.indices.map { place in
      let key = PoolEntry.key(near[place])
      let ordinal = UInt32(truncatingIfNeeded: place)
      if ListBound.isNearest(key, first: first) {
        return PoolEntry.make(key: key & ~(1 << 31), ordinal: ordinal)
      }
      let square = Float(key)
      let spread = spread(of: Int(PoolEntry.ordinal(near[place])))
      let score = square + spread - 2 * Self.orderCosine * (square * spread).squareRoot()
      return PoolEntry.make(key: DistanceKey.key(of: score), ordinal: ordinal)
    }
    let kept = min(wanted, order.count)
    order.withUnsafeMutableBufferPointer { EntrySelection.moveSmallest(kept, of: $0) }
    order.removeLast(order.count - kept)
    order.sort()
    return order.map { near[Int(PoolEntry.ordinal($0))] }
  }

  /// The lists with the nearest centroids, `wanted` at most, in any order.
  private func nearestLists(
    _ query: SegmentQuery, wanted: Int, scratch: SearchScratch
  ) -> [UInt64] {
    guard let kernels = Self.kernels else { return [] }
    let memory = scratch.reserveCodes(max(64, stride))
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: max(64, stride))
    CoarseSpace.Encoder(space).encodeQuery(
      query, into: memory.assumingMemoryBound(to: UInt8.self))
    let wanted = min(wanted, count)
    // Of many lists only those in the nearest groups are looked at; all of them, where most are wanted.
    let least = max(count / Self.groupedShare, 4 * wanted)
    var ranges = [0..<count]
    if groupCount > 0, least < count {
      let groups = compare(memory, with: groupCodes, [0..<groupCount], kernels, scratch)
      let order = NearestKeys(groups, ranges: [0..<groupCount]).smallest(
        groupCount, scratch: scratch)
      ranges.removeAll()
      var seen = 0
      for entry in order.sorted() where seen < least {
        let range = centroids(ofGroup: Int(PoolEntry.ordinal(entry)))
        ranges.append(range)
        seen += range.count
      }
    }
    let keys = compare(memory, with: codes, ranges, kernels, scratch)
    return NearestKeys(keys, ranges: ranges).smallest(wanted, scratch: scratch)
  }

  /// The keys of some ranges of centroids, one range after the other.
  private func compare(
    _ query: UnsafeRawPointer, with codes: UnsafeRawPointer, _ ranges: [Range<Int>],
    _ kernels: BatchKernel, _ scratch: SearchScratch
  ) -> UnsafePointer<UInt32> {
    let total = ranges.reduce(0) { $0 + $1.count }
    scratch.beam.prepare(nodes: 1, entries: 1, batch: total)
    var keys = scratch.beam.keys
    for range in ranges {
      kernels.scan(
        query, codes + range.lowerBound * stride, stride, range.count,
        stride % 64 == 0 ? stride : space.coarseDimensions, keys)
      keys += range.count
    }
    scratch.beam.distances += total
    return UnsafePointer(scratch.beam.keys)
  }
}
