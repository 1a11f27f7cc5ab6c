import StorageIO
import VectorMath

/// Whether a segment's codes rank its vectors as the vectors themselves do.
///
/// One map serves all components of all vectors. Where these are of very different sizes, vectors that are near
/// each other get the same codes, and no walk or scan by codes finds the nearest: that shows only beside the
/// originals, all of which are therefore read once.
package struct CodeFidelity: Sendable {
  /// Neighbours wanted, the sample itself aside.
  package var k = 10
  /// Rows that a search would propose for them.
  package var depth = 14
  /// Rows used as queries, at most.
  package var mostSamples = 64
  /// Distances computed, at most; at least eight rows are used all the same.
  package var comparisonBudget = 64_000_000
  /// True ends the check with `cancelled`.
  package var isCancelled: @Sendable () -> Bool = { false }

  /// A check with the usual numbers.
  package init() {}

  /// The share of the k nearest of some rows that are among the rows proposed by the codes of all; 1 where
  /// distances need no originals, and where there are too few rows to miss one.
  package func recall(
    _ index: SegmentIndex, _ source: any VectorSource
  ) throws(StoreError) -> Double {
    let count = source.docIDs.count
    guard !index.reproducesOriginals, count > depth + 1 else { return 1 }
    var samples = try samples(index, source)
    var next = 0
    while next < count {
      if isCancelled() { throw StoreError(.cancelled, "checking the segment was cancelled") }
      let end = min(next + 8_192, count)
      try source.read(next..<end) { position, vector in
        guard let vector else { return }
        for sample in samples.indices { samples[sample].meet(source.docIDs[position], vector) }
      }
      next = end
    }
    let wanted = samples.reduce(0) { $0 + $1.nearest.count }
    return wanted == 0 ? 1 : Double(samples.reduce(0) { $0 + $1.found }) / Double(wanted)
  }

  private func samples(
    _ index: SegmentIndex, _ source: any VectorSource
  ) throws(StoreError) -> [Sample] {
    let count = source.docIDs.count
    let size = min(mostSamples, count, max(8, comparisonBudget / count))
    let positions = (0..<size).map { $0 * count / size }
    var vectors: [(UInt64, [Float])] = []
    for position in positions {
      try source.read(position..<position + 1) { position, vector in
        guard let vector else { return }
        let values = Array(UnsafeBufferPointer(start: vector, count: index.dimensions))
        vectors.append((source.docIDs[position], values))
      }
    }
    let scratch = SearchScratch()
    return vectors.map { docID, vector in
      let query = SegmentQuery(metric: index.metric, vector: vector)
      let proposed = index.scan(query, limit: depth + 1, scratch: scratch).map(\.docID)
      return Sample(
        docID: docID, exact: ExactDistance(metric: index.metric, query: vector), k: k,
        proposed: Set(proposed.filter { $0 != docID }.prefix(depth)))
    }
  }
}

extension CodeFidelity {
  /// A row that is searched for.
  private struct Sample {
    let docID: UInt64
    let exact: ExactDistance
    let k: Int
    /// What the codes propose.
    let proposed: Set<UInt64>
    /// Distances of what they propose.
    private var proposedDistances: [Float] = []
    /// Distances of the nearest others met so far, ascending.
    private(set) var nearest: [Float] = []

    init(docID: UInt64, exact: ExactDistance, k: Int, proposed: Set<UInt64>) {
      self.docID = docID
      self.exact = exact
      self.k = k
      self.proposed = proposed
    }

    mutating func meet(_ other: UInt64, _ vector: UnsafePointer<Float>) {
      if other == docID { return }
      let distance = exact.distance(to: vector)
      if proposed.contains(other) { proposedDistances.append(distance) }
      guard nearest.count < k || distance < nearest[nearest.count - 1] else { return }
      nearest.insert(distance, at: nearest.firstIndex { $0 > distance } ?? nearest.count)
      if nearest.count > k { nearest.removeLast() }
    }

    /// How many of the nearest were proposed, or others as near.
    var found: Int {
      guard let last = nearest.last else { return 0 }
      return min(nearest.count, proposedDistances.count { $0 <= last })
    }
  }
}
