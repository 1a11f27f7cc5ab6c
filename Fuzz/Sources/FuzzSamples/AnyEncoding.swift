import VectorIndexes
import VectorMath

/// The encodings that a segment's bytes may describe, by number.
package enum AnyEncoding {
  /// How many there are.
  package static let count: UInt8 = 5

  /// The number of an encoding's kind; nil for float32, int8 and bits.
  package static func number(of kind: VectorEncodingKind) -> UInt8? {
    switch kind {
    case .float32, .int8, .bits: nil
    case .float16: 0
    case .int4: 1
    case .pq: 2
    case .binary: 3
    case .rabitq: 4
    }
  }

  /// The encoding that bytes describe, if they do.
  package static func open(
    _ number: UInt8, _ bytes: UnsafeRawBufferPointer, metric: Metric, dimensions: Int
  ) -> (any RowEncoding)? {
    switch number % count {
    case 0: HalfEncoding(bytes: bytes, metric: metric, dimensions: dimensions)
    case 1: NibbleQuantizer(bytes: bytes, metric: metric, dimensions: dimensions)
    case 2: ProductQuantizer(bytes: bytes, metric: metric, dimensions: dimensions)
    case 3: BinaryEncoding(bytes: bytes, metric: metric, dimensions: dimensions)
    default: RaBitQEncoding(bytes: bytes, metric: metric, dimensions: dimensions)
    }
  }
}
