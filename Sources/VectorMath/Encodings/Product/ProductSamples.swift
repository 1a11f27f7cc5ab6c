/// The vectors that a ``ProductQuantizer`` learns from, as their owners gave them; for cosine they are
/// read as if they were normalised.
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

  /// Calls `body` with one component of each vector.
  func forEach(component: Int, _ body: (Float) -> Void) {
    for index in 0..<count { body(value(index, component)) }
  }

  /// The components `range` of all vectors, vector by vector.
  func slice(_ range: Range<Int>) -> [Float] {
    let length = range.count
    return [Float](unsafeUninitializedCapacity: count * length) { buffer, initialized in
      for index in 0..<count {
        for position in 0..<length {
          buffer.initializeElement(
            at: index * length + position, to: value(index, range.lowerBound + position))
        }
      }
      initialized = count * length
    }
  }

  private func value(_ index: Int, _ component: Int) -> Float {
    let value = base.loadUnaligned(
      fromByteOffset: index * stride + component * MemoryLayout<Float>.stride, as: Float.self)
    return scales.isEmpty ? value : Float(Double(value) * scales[index])
  }
}
