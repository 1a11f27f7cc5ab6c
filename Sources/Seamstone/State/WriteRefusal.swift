import ObjectStorage

/// Why a collection refuses mutating calls; kept with its definition.
struct WriteRefusal: Codable, Hashable, Sendable {
  /// The reason of the caller who made it read-only, if one was given; the counters say whether it is.
  var byCaller: String?
  /// The reason while a conversion runs that was asked for through a class; gone when it is over.
  var conversion: String?
  /// What the collection was before that conversion, to go back to if it cannot be done.
  var origin: Origin?

  /// A collection before a conversion.
  struct Origin: Codable, Hashable, Sendable {
    var configuration: CollectionConfiguration
    /// The `vectorIndexConfig` of its class.
    var settings: [String: PropertyValue]
  }
}
