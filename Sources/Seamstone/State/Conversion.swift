import ObjectStorage

/// What a collection was like before the conversion that runs, and how the last one ended; kept with its
/// definition.
struct Conversion: Codable, Hashable, Sendable {
  /// What a conversion that cannot be finished goes back to.
  struct Origin: Codable, Hashable, Sendable {
    var configuration: CollectionConfiguration
    /// The `vectorIndexConfig` of its class, if it has one.
    var settings: [String: PropertyValue]?
  }

  /// As long as a conversion runs: what the collection was before it. Of several in a row before the first.
  var origin: Origin?
  /// Why the last conversion was given up, until the next one is asked for.
  var failure: String?
}
