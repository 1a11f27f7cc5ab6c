/// The type of a record's vector: `[Float]` or `[Float]?`.
public protocol RecordVector: Codable, Sendable {
  /// The components, or nil for no vector.
  var components: [Float]? { get }
}

extension Array: RecordVector where Element == Float {
  /// The array itself.
  public var components: [Float]? { self }
}

extension Optional: RecordVector where Wrapped == [Float] {
  /// The optional itself.
  public var components: [Float]? { self }
}
