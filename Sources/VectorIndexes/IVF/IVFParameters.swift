/// How inverted lists are built, as a configuration says it.
package struct IVFParameters: Sendable, Hashable {
  /// The number of lists; 0 leaves it to the number of rows.
  package var lists: Int
  /// The rows that centroids are trained on at most; 0 leaves it to the number of lists.
  package var trainingLimit: Int
  /// Seed of the sample and of the first centroids.
  package var seed: UInt64

  /// The lists that the format carries.
  package static let listRange = 1...1_048_576
  /// Rows of the training sample for each list: fewer make the lists worse, more do not make them better.
  static let rowsPerList = 64
  /// The least rows that a list should have.
  static let leastRows = 39

  /// Creates parameters.
  package init(lists: Int = 0, trainingLimit: Int = 0, seed: UInt64 = 100) {
    self.lists = lists
    self.trainingLimit = trainingLimit
    self.seed = seed
  }

  /// What decides the bytes of a segment.
  var words: [UInt64] {
    [UInt64(truncatingIfNeeded: lists), UInt64(truncatingIfNeeded: trainingLimit), seed]
  }

  /// The number of lists for so many rows: what was asked for, or else 4·√n, but at least 39 rows for each, as faiss
  /// recommends.
  package func resolvedLists(rows: Int) -> Int {
    if lists > 0 { return min(lists, max(1, rows), Self.listRange.upperBound) }
    let wanted = Int((4 * Double(max(rows, 0)).squareRoot()).rounded(.toNearestOrEven))
    return max(1, min(wanted, rows / Self.leastRows, Self.listRange.upperBound))
  }

  /// The rows that so many centroids are trained on.
  func trainingRows(lists: Int) -> Int {
    max(trainingLimit > 0 ? trainingLimit : Self.rowsPerList * lists, lists)
  }

  /// The lists that a search looks into if nothing says how many.
  package static func usualProbes(lists: Int) -> Int {
    max(min(lists, 8), Int((Double(lists) / 32).rounded(.up)))
  }
}
