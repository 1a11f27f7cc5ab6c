import VectorMath

/// What the rows of a collection's tail are.
struct TailShape: Sendable, Equatable {
  let dimensions: Int
  let metric: Metric
  let elementType: ElementType

  init(_ configuration: CollectionConfiguration) {
    self.init(
      dimensions: configuration.dimensions ?? 0, metric: configuration.metric,
      elementType: configuration.elementType)
  }

  init(dimensions: Int, metric: Metric, elementType: ElementType = .float32) {
    self.dimensions = dimensions
    self.metric = metric
    self.elementType = elementType
  }

  /// Whether rows have codes beside the originals: counting what differs needs the originals themselves.
  var hasCodes: Bool { metric != .hamming }

  /// Bytes from one row of codes to the next.
  var codeStride: Int { hasCodes ? (dimensions + 63) / 64 * 64 : 0 }

  /// Bytes from one original to the next; each begins with a word.
  var rowStride: Int { (elementType.byteCount(dimensions: dimensions) + 3) / 4 * 4 }

  /// Bytes of memory that one row takes.
  var bytesPerRow: Int { 8 + rowStride + codeStride + 1 }

  /// Rows of a chunk of such vectors: at most 8 MiB of them, unless the first 16 take more.
  var capacity: Int { min(TailChunk.capacity, max(16, (8 << 20) / bytesPerRow)) }

  /// An original, copied.
  func value(copying original: UnsafeRawPointer) -> VectorValue {
    unsafe VectorValue(copying: original, elementType: elementType, dimensions: dimensions)
  }
}
