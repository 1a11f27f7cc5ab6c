/// The vectors that a ``ProductQuantizer`` learns from, as their owners gave them; for cosine they are
/// read as if they were normalised, with the bits that ``ProductQuantizer/encode(_:into:)`` normalises to.
///
/// - Note: `@unchecked Sendable` because nobody writes to the memory during training.
struct ProductSamples: @unchecked Sendable {
  private let base: UnsafeRawPointer
  let count: Int
  /// Bytes from one vector to the next.
  private let stride: Int
  /// What the components of each vector are multiplied with; empty when nothing is normalised.
  private let scales: [Double]

  init(
    _ samples: UnsafePointer<Float>, count: Int, stride: Int, dimensions: Int, metric: Metric
  ) {
    let base = UnsafeRawPointer(samples)
    let stride = stride * MemoryLayout<Float>.stride
    self.base = base
    self.count = max(0, count)
    self.stride = stride
    guard metric == .cosine else {
      scales = []
      return
    }
    scales = (0..<max(0, count)).map { index in
      let vector = (base + index * stride).assumingMemoryBound(to: Float.self)
      if let scale = Normalization.scale(of: vector, count: dimensions) { return Double(scale) }
      return 1 / Wide.length(vector, dimensions)
    }
  }

  /// Calls `body` with the number of each vector and one of its components.
  func forEach(component: Int, _ body: (Int, Float) -> Void) {
    let offset = component * MemoryLayout<Float>.stride
    for index in 0..<count {
      let value = base.loadUnaligned(fromByteOffset: index * stride + offset, as: Float.self)
      body(index, scales.isEmpty ? value : Float(Double(value) * scales[index]))
    }
  }

  /// The components `range` of all vectors, vector by vector.
  func slice(_ range: Range<Int>) -> [Float] {
    let length = range.count
    return [Float](unsafeUninitializedCapacity: count * length) { buffer, initialized in
      for position in 0..<length {
        forEach(component: range.lowerBound + position) { index, value in
          buffer.initializeElement(at: index * length + position, to: value)
        }
      }
      initialized = count * length
    }
  }
}
