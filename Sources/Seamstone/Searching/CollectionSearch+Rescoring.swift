import ObjectStorage
import StorageIO
import VectorIndexes
import VectorMath

/// Comparing candidates by their originals.
extension CollectionSearch {
  /// Replaces the approximate distances of the best `kept` hits by exact ones, from the originals in key
  /// order: first those of a few more than are wanted, then of as many as these show to be worth it.
  func rescore(
    _ hits: [Hit], limit: Int, kept: Int, isOn: Bool
  ) throws(StoreError) -> [Hit] {
    var hits = hits.sorted(by: Hit.isCloser)
    if hits.count > kept { hits.removeLast(hits.count - kept) }
    guard isOn, hits.contains(where: { !$0.isExact }) else { return Array(hits.prefix(limit)) }
    guard hits.count > Rescoring.firstLook(limit), estimatesDistances else {
      var bound = RescoringBound()
      return Array(try measured(hits[...], &bound).prefix(limit))
    }
    return try RescoringPass(limit: limit, isReduced: leavesOut).best(of: hits) {
      (part, bound) throws(StoreError) in try measured(part, &bound)
    }
  }

  /// Whether the codes of all segments estimate distances well enough to say what is not worth a look. Of signs
  /// only the order means something; with few centroids the best candidates err otherwise than the others. So they do where a
  /// transform leaves components out, by about as much in all segments that share it: there the bound is asked again and again.
  private var estimatesDistances: Bool {
    let indexes = state.segments.compactMap { $0.handle?.index }
    if leavesOut {
      let transforms = Set(indexes.map { $0.transform?.identifier })
      guard let first = indexes.first, transforms.count == 1,
        indexes.allSatisfy({ $0.plan.isInterchangeable(with: first.plan) })
      else { return false }
    }
    return indexes.allSatisfy { index in
      switch index.plan {
      case .binary: false
      case .pq(let plan): plan.centroids > 16
      default: true
      }
    }
  }

  /// The hits with their exact distances, closest first. `bound` takes note of how far these are from the estimates.
  private func measured(
    _ hits: ArraySlice<Hit>, _ bound: inout RescoringBound
  ) throws(StoreError) -> [Hit] {
    let wanted = hits.filter { !$0.isExact }.sorted { $0.docID < $1.docID }
    var found = hits.filter { $0.isExact }
    found.reserveCapacity(hits.count)
    var next = 0
    try unsafe forEachOriginal(wanted.map(\.docID)) { docID, vector in
      let distance = unsafe exact.distance(toUnaligned: vector)
      bound.add(estimate: wanted[next].distance, exact: distance)
      next += 1
      found.append(Hit(docID: docID, distance: distance, isExact: true))
    }
    found.sort(by: Hit.isCloser)
    return found
  }

  /// Reads the originals of `docIDs`, ascending, a block at a time.
  func forEachOriginal(
    _ docIDs: [UInt64], _ body: (UInt64, UnsafeRawPointer) -> Void
  ) throws(StoreError) {
    guard let vectors = state.vectors, !docIDs.isEmpty else { return }
    let block = 64
    // Rows begin with a word.
    let stride = (vectors.byteCount + 3) / 4 * 4
    let rows = unsafe context.originals(byteCount: min(block, docIDs.count) * stride)
    var start = 0
    while start < docIDs.count {
      let end = min(start + block, docIDs.count)
      try unsafe withPointer(docIDs[start..<end]) { (wanted) throws(StoreError) in
        try unsafe vectors.read(wanted, in: transaction, into: rows, byteStride: stride)
      }
      for index in start..<end {
        unsafe body(docIDs[index], UnsafeRawPointer(rows + (index - start) * stride))
      }
      start = end
    }
  }
}

/// `withUnsafeBufferPointer` with a typed error.
@inline(__always)
private func withPointer(
  _ slice: ArraySlice<UInt64>, _ body: (UnsafeBufferPointer<UInt64>) throws(StoreError) -> Void
) throws(StoreError) {
  let outcome = unsafe slice.withUnsafeBufferPointer { buffer -> Result<Void, StoreError> in
    do throws(StoreError) { return unsafe .success(try body(buffer)) } catch {
      return .failure(error)
    }
  }
  try outcome.get()
}
