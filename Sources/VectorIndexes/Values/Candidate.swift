/// One row found by a segment.
package struct Candidate: Sendable, Hashable {
  /// The version of the object.
  package var docID: UInt64
  /// Distance by the best tier that the segment holds.
  package var distance: Float
  /// Whether `distance` is what `ExactDistance` gives for the original.
  package var isExact: Bool

  /// Creates a candidate.
  package init(docID: UInt64, distance: Float, isExact: Bool) {
    self.docID = docID
    self.distance = distance
    self.isExact = isExact
  }
}

extension Candidate: Comparable {
  /// Nearest first; equal distances by DocID, so that answers do not depend on the order of rows.
  package static func < (a: Candidate, b: Candidate) -> Bool {
    a.distance != b.distance ? a.distance < b.distance : a.docID < b.docID
  }
}
