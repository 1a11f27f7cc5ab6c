/// How a segment stores vectors for scoring. The originals are kept beside it, whatever the encoding,
/// and distances returned are computed from them.
public enum VectorEncoding: String, CaseIterable, Codable, Sendable, Hashable {
  /// Four bytes for each component.
  case float32
  /// One byte for each component: seven bits of code, refined before results are ranked.
  case int8
}

extension VectorEncoding: CustomStringConvertible {
  /// The name in configurations.
  public var description: String { rawValue }
}
