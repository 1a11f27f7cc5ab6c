import CVectorKernels

/// Components as IEEE 754 half-precision floats: half the bytes of the originals.
///
/// A row is `dimensions` float16 numbers, little-endian, 2 bytes each; for cosine of the normalised vector.
/// Rounded to the nearest, ties to even. What lies beyond ±65,504 becomes ±65,504: see ``clips(_:)``.
///
/// Relative error of a component: at most 2⁻¹¹, for components below 2⁻¹⁴ an absolute one of 2⁻²⁵.
///
/// Share of the ten nearest among the best by code, of 25,000 text embeddings (384 dimensions, cosine) and of
/// 100,000 image descriptors (128 dimensions, l2-squared):
///
/// | | best 20 | 50 | 200 |
/// |---|---|---|---|
/// | text | 1.0000 | 1.0000 | 1.0000 |
/// | image (whole numbers: exact) | 1.000 | 1.000 | 1.000 |
package struct HalfEncoding: RowEncoding {
  /// The metrics that the rows can serve.
  package static let metrics: [Metric] = [.cosine, .dot, .l2Squared, .manhattan]
  /// The largest number that a row can hold.
  package static let largest: Float = 65_504

  package let metric: Metric
  package let dimensions: Int
  private let kernels: CodeKernels

  /// An encoding; `nil` for hamming. `kernels` are for tests.
  package init?(metric: Metric, dimensions: Int, kernels: CodeKernels = .best) {
    guard Self.metrics.contains(metric), dimensions > 0 else { return nil }
    self.metric = metric
    self.dimensions = dimensions
    self.kernels = kernels
  }

  package var rowBytes: Int { dimensions * 2 }
  package var queryBytes: Int { dimensions * 4 }
  package var kernelDimensions: Int { dimensions }
  package var kernel: BatchKernel {
    switch metric {
    case .cosine, .dot: BatchKernel(kernels.functions.f16_dot)
    case .manhattan: BatchKernel(kernels.functions.f16_l1)
    case .l2Squared, .hamming: BatchKernel(kernels.functions.f16_l2)
    }
  }

  /// Whether a vector has components that no row can hold, so that only rescoring by the original orders it
  /// rightly. Never for cosine.
  package func clips(_ vector: UnsafePointer<Float>) -> Bool {
    guard metric != .cosine else { return false }
    for index in 0..<dimensions where abs(vector[index]) > Self.largest { return true }
    return false
  }

  package func encode(_ vector: UnsafePointer<Float>, into row: UnsafeMutableRawPointer) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: dimensions) { floats in
      guard let floats = floats.baseAddress else { return }
      Normalization.copy(vector, count: dimensions, metric: metric, to: floats)
      for index in 0..<dimensions {
        let half = vk_half_from_float(floats[index]).littleEndian
        row.storeBytes(of: half, toByteOffset: index * 2, as: UInt16.self)
      }
    }
  }

  package func prepare(query: UnsafePointer<Float>, into memory: UnsafeMutableRawPointer) {
    let floats = memory.bindMemory(to: Float.self, capacity: dimensions)
    Normalization.copy(query, count: dimensions, metric: metric, to: floats)
  }

  package func distance(ofKey key: UInt32, query: UnsafeRawPointer) -> Float {
    DistanceKernels.distance(ofFloatKey: key, metric: metric)
  }

  /// The encoding as it is kept in a segment, little-endian: version 1 (2 bytes), metric code (2), dimensions
  /// (4).
  package var bytes: [UInt8] {
    var writer = EncodingBytes()
    writer.append(1 | UInt32(metric.fileCode) << 16)
    writer.append(UInt32(clamping: dimensions))
    return writer.bytes
  }

  /// Reads ``bytes``; `nil` unless they are an encoding of this metric and these dimensions.
  package init?(bytes: UnsafeRawBufferPointer, metric: Metric, dimensions: Int) {
    guard bytes.count == 8, EncodingBytes.word(0, of: bytes) == 1 | UInt32(metric.fileCode) << 16,
      EncodingBytes.word(1, of: bytes) == UInt32(clamping: dimensions)
    else { return nil }
    self.init(metric: metric, dimensions: dimensions)
  }
}
