/// Why a collection refuses mutating calls; kept with its definition.
struct WriteRefusal: Codable, Hashable, Sendable {
  /// The reason of the caller who made it read-only, if one was given; the counters say whether it is.
  var byCaller: String?
  /// The reason while a conversion runs that was asked for through a class; gone when it is over.
  var conversion: String?
}
