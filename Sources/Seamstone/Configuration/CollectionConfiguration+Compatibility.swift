import StorageIO
import VectorMath

extension CollectionConfiguration {
  /// Refuses to open the collection `name`, which has this configuration, as something else: its vectors
  /// would mean something else. Index and encoding may differ, they are changed by `reconfigure`.
  func requireCompatible(
    with wanted: CollectionConfiguration, name: String
  ) throws(StoreError) {
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
}
