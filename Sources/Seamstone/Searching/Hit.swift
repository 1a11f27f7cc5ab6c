import VectorIndexes

/// A row found by a search, before its object is fetched.
struct Hit: Sendable, Equatable {
  /// The version of the object.
  var docID: UInt64
  /// The distance to the query, by the best precision known so far.
  var distance: Float
  /// Whether `distance` was computed from the original vector.
  var isExact: Bool

  /// The order of results: by distance, ties by DocID, so that answers never depend on timing.
  @inline(__always)
  static func isCloser(_ a: Hit, _ b: Hit) -> Bool {
    a.distance != b.distance ? a.distance < b.distance : a.docID < b.docID
  }
}

extension Hit {
  /// What a segment proposes.
  init(_ candidate: Candidate) {
    self.init(
      docID: candidate.docID, distance: candidate.distance, isExact: candidate.isExact)
  }
}
