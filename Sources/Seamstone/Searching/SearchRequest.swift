import VectorMath

/// A validated search of one collection for one query vector.
struct SearchRequest: Sendable {
  /// The query as the caller gave it.
  var vector: VectorValue
  /// Results wanted.
  var limit: Int
  /// How many of them only tell whether there are more: a beam that grows with the results does not grow for
  /// these.
  var probes = 0
  /// The beam width asked for; nil leaves it to the collection's configuration.
  var ef: Int?
  /// Only objects whose properties match are returned.
  var filter: Filter?
  /// Compare with every vector instead of using the indexes.
  var isExact = false
  /// Do without property indexes: one of them is damaged.
  var ignoresPropertyIndexes = false
  /// What segments propose that were searched for many queries at a time (`FlatBatch`), by their places.
  var proposals: [Int: [Hit]] = [:]
}
