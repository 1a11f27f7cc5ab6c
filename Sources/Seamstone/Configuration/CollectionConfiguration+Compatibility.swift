import StorageIO
import VectorIndexes
import VectorMath

extension CollectionConfiguration {
  /// Refuses to open the collection `name`, which has this configuration, as something else: its vectors
  /// would mean something else. Index and encoding may differ, they are changed by `reconfigure`.
  func requireCompatible(
    with wanted: CollectionConfiguration, name: String
  ) throws(StoreError) {
    if elementType != wanted.elementType {
      throw StoreError(
        .invalidConfiguration,
        "The collection \"\(name)\" has the element type \(elementType), not \(wanted.elementType)",
        remedy: "Open it with \(elementType), or make another collection")
    }
    if metric != wanted.metric {
      throw StoreError(
        .invalidConfiguration,
        "The collection \"\(name)\" has the metric \(metric), not \(wanted.metric)",
        remedy: "Open it with \(metric), or make another collection")
    }
    if let dimensions, let other = wanted.dimensions, dimensions != other {
      throw StoreError(
        .invalidConfiguration,
        "The collection \"\(name)\" has \(dimensions) dimensions, not \(other)",
        remedy: "Open it with \(dimensions) dimensions, or make another collection")
    }
    try requireSameVectorizer(as: wanted)
  }

  /// Refuses an encoding for a collection that has vectors, but too few to train it on. An empty collection
  /// may have any: it is used from the number on that is enough.
  func requireVectors(_ count: Int, collection: String) throws(StoreError) {
    let least = encodingPlan(dimensions: dimensions ?? 1).leastRows
    guard count > 0, count < least else { return }
    throw StoreError(
      .invalidConfiguration,
      "The encoding \(encoding) is trained on at least \(least) vectors; \"\(collection)\" has "
        + "\(count)",
      remedy: "Add vectors first, or use an encoding that needs no training: int8, int4 or rabitq")
  }

  /// Refuses the first vector of a collection whose encoding its dimensions do not go with.
  func requireSuits(collection: String) throws(StoreError) {
    guard let problem = problems.first else { return }
    throw StoreError(
      .invalidConfiguration,
      "The configuration of \"\(collection)\" does not suit its first vector: \(problem)",
      remedy: "Change the encoding with `reconfigure`, or write vectors of other dimensions")
  }
}
