import ObjectStorage

/// What property indexes say about a filter: the objects that certainly match, and all that may.
/// Objects in `upper` and not in `lower` have to be looked at.
struct FilterBounds: Sendable {
  var lower: DocIDSet
  var upper: DocIDSet
  /// Whether both are the same set.
  var isExact: Bool

  /// The objects that match are these.
  static func exactly(_ set: DocIDSet) -> FilterBounds {
    FilterBounds(lower: set, upper: set, isExact: true)
  }

  /// Nothing is known.
  static let unknown = FilterBounds(lower: .empty, upper: .everything, isExact: false)

  /// The objects to look at.
  var undecided: DocIDSet { isExact ? .empty : upper.subtracting(lower) }

  func intersection(_ other: FilterBounds) -> FilterBounds {
    if isExact, other.isExact { return .exactly(lower.intersection(other.lower)) }
    return FilterBounds(
      lower: lower.intersection(other.lower), upper: upper.intersection(other.upper),
      isExact: false)
  }

  func union(_ other: FilterBounds) -> FilterBounds {
    if isExact, other.isExact { return .exactly(lower.union(other.lower)) }
    return FilterBounds(
      lower: lower.union(other.lower), upper: upper.union(other.upper), isExact: false)
  }

  var complement: FilterBounds {
    if isExact { return .exactly(lower.complement) }
    return FilterBounds(lower: upper.complement, upper: lower.complement, isExact: false)
  }
}
