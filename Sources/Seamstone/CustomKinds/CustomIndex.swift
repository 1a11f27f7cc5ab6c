/// An open index of a kind of your own; used by many threads at once.
public protocol CustomIndex: Sendable {
  /// Rows that may be the nearest to a vector, in any order. They are compared with it afterwards, so distances do
  /// not matter; what is named twice or is no row counts once or not at all.
  /// - Parameters:
  ///   - vector: As the caller gave it.
  ///   - limit: How many rows are wanted, at least; fewer only where fewer are allowed.
  ///   - ef: What the caller asked for to widen the search, or else `limit`.
  ///   - isAllowed: Whether a row may be returned: it is neither deleted nor excluded by a filter.
  func candidates(
    near vector: [Float], limit: Int, ef: Int, isAllowed: (Int) -> Bool
  ) -> [Int]
}
