/// The memory of one running search, reused from query to query and from segment to segment.
/// Not Sendable: one search at a time. Keep a pool of them.
package final class SearchScratch {
  let beam = BeamScratch()
  /// For a search inside the search: of the centroids of lists, say.
  private(set) lazy var nested = SearchScratch()
  /// For searches through trees.
  private(set) lazy var forest = ForestScratch()
  /// The last query as a map made it, with the query: segments that share a map share this.
  var transformed: (query: [Float], made: SegmentQuery)?
  /// The query's codes for the segment at hand.
  var codes: UnsafeMutableRawPointer
  private var codeCapacity = 1024
  /// Rows of a scan that beat the bar, unsorted.
  var hits: [UInt64] = []

  /// `hits`, to write to: memory that two names have would be copied.
  func takeHits() -> [UInt64] {
    var taken: [UInt64] = []
    swap(&taken, &hits)
    return taken
  }

  private var distances: UnsafeMutablePointer<Float>
  private var distanceCapacity = 256

  /// Creates an empty scratch; it grows with the segments it is used on.
  package init() {
    codes = .allocate(byteCount: codeCapacity, alignment: 64)
    distances = .allocate(capacity: distanceCapacity)
  }

  deinit {
    codes.deallocate()
    distances.deallocate()
  }

  /// Room for the distances of `count` rows.
  func reserveDistances(_ count: Int) -> UnsafeMutablePointer<Float> {
    if count > distanceCapacity {
      distances.deallocate()
      distanceCapacity = max(count, distanceCapacity * 2)
      distances = .allocate(capacity: distanceCapacity)
    }
    return distances
  }

  /// Room for a query of `bytes`.
  func reserveCodes(_ bytes: Int) -> UnsafeMutableRawPointer {
    if bytes > codeCapacity {
      codes.deallocate()
      codeCapacity = bytes
      codes = .allocate(byteCount: bytes, alignment: 64)
    }
    return codes
  }

  /// Rows compared and nodes expanded since the last reset.
  package var statistics: (distances: Int, expansions: Int) { (beam.distances, beam.expansions) }

  /// Sets the counters to 0.
  package func resetStatistics() {
    beam.distances = 0
    beam.expansions = 0
  }
}
