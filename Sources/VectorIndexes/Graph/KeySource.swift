import VectorMath

/// What a search measures: one query against rows named by ordinal, as keys that sort like distances.
struct KeySource: @unchecked Sendable {
  // Sendable: pointers to memory that outlives the search.

  var gather: BatchKernel.Gather
  var query: UnsafeRawPointer
  let rows: UnsafeRawPointer
  let stride: Int
  let dimensions: Int
  /// The extra coordinate that makes the largest dot product the nearest neighbour; builds only.
  var augmentation = Augmentation.none
  /// The query's own row in the augmented space.
  var queryOrdinal: UInt32 = 0

  /// Writes the keys of `count` rows. Ordinals must be in range.
  @inline(__always)
  func keys(
    of ordinals: UnsafePointer<UInt32>, count: Int, into keys: UnsafeMutablePointer<UInt32>
  ) {
    gather(query, rows, stride, ordinals, count, dimensions, keys)
    if case .none = augmentation { return }
    augmentation.add(from: queryOrdinal, to: ordinals, count: count, keys: keys)
  }
}
