/// What the components of a collection's vectors are. A collection has one element type for its whole life.
public enum ElementType: String, CaseIterable, Codable, Sendable, CustomStringConvertible {
  /// Numbers of 32 bits.
  case float32
  /// Single bits, eight in a byte: component `8·i + j` is the bit of value `2^(7 − j)` in byte `i`, as
  /// `numpy.packbits` puts them. Dimensions count bits and are a multiple of eight.
  case bits

  /// The element type's name in configurations.
  public var description: String { rawValue }

  /// Bytes of one vector.
  package func byteCount(dimensions: Int) -> Int {
    switch self {
    case .float32: dimensions * MemoryLayout<Float>.stride
    case .bits: dimensions / 8
    }
  }
}
