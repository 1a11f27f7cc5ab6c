/// Randomly rotated codes of 8, 4 or 1 bit a dimension whose dot products estimate distances without bias
/// (RaBitQ: Gao and Long 2024; Gao et al. 2025).
///
/// Usable without training: with no centre given, differences are taken from the origin. A centre, the mean of
/// a sample, makes l2-squared much and cosine a little better.
///
/// A row, with D the dimensions rounded up to a multiple of 64; numbers are little-endian floats:
///
/// | Bytes | Content |
/// |---|---|
/// | D · bits / 8 | codes: bit i of the row for 1 bit, set when component i is positive; for 4 bits component i in the low half of byte i, component i + D/2 in the high half; for 8 bits byte i |
/// | 4 | add |
/// | 4 | rescale |
/// | 4 | 1 bit only: the error bound |
///
/// The codes come first so that in rows that start on a cache line their loads are aligned, too.
///
/// Share of the ten nearest among the best by code, of 25,000 text embeddings (384 dimensions, cosine) and of
/// 100,000 image descriptors (128 dimensions, l2-squared):
///
/// | | best 20 | 50 | 200 |
/// |---|---|---|---|
/// | text, 8 bits, either centre | 1.0000 | 1.0000 | 1.0000 |
/// | text, 4 bits, mean | 0.9998 | 1.0000 | 1.0000 |
/// | text, 1 bit, origin | 0.889 | 0.981 | 0.999 |
/// | text, 1 bit, mean | 0.899 | 0.986 | 1.000 |
/// | image, 8 bits, either centre | 1.000 | 1.000 | 1.000 |
/// | image, 4 bits, origin | 0.986 | 0.998 | 1.000 |
/// | image, 4 bits, mean | 0.993 | 0.999 | 1.000 |
/// | image, 1 bit, origin | 0.399 | 0.591 | 0.853 |
/// | image, 1 bit, mean | 0.586 | 0.803 | 0.966 |
package struct RaBitQEncoding: RowEncoding {
  /// The widths of codes that exist.
  package static let widths = [8, 4, 1]
  /// The metrics that survive a rotation.
  package static let metrics: [Metric] = [.cosine, .dot, .l2Squared]

  /// The seed of the rotation.
  package let seed: UInt64
  let codes: CenteredCodes

  /// An encoding; `nil` for a metric or a width that there is none for, or a centre of other dimensions or
  /// with a component that is not finite.
  ///
  /// - Parameters:
  ///   - center: what ``CenterTrainer`` found; `nil` for the origin.
  ///   - kernels: for tests.
  package init?(
    metric: Metric, dimensions: Int, bits: Int, seed: UInt64, center: [Float]? = nil,
    kernels: CodeKernels = .best
  ) {
    guard Self.metrics.contains(metric), Self.widths.contains(bits), dimensions > 0,
      center.map({ $0.count == dimensions && $0.allSatisfy(\.isFinite) }) ?? true
    else { return nil }
    self.seed = seed
    codes = CenteredCodes(
      metric: metric, dimensions: dimensions, bits: bits, center: center,
      rotation: RandomRotation(seed: seed, dimensions: dimensions), kernels: kernels)
  }

  package var metric: Metric { codes.metric }
  package var dimensions: Int { codes.dimensions }
  /// Bits of a code: 8, 4 or 1.
  package var bits: Int { codes.bits }
  /// The centre; `nil` for the origin.
  package var center: [Float]? { codes.center }
  package var rowBytes: Int { codes.rowBytes }
  package var queryBytes: Int { codes.queryBytes }
  package var kernel: BatchKernel { codes.kernel }
  package var kernelDimensions: Int { codes.rowBytes }

  package func encode(_ vector: UnsafePointer<Float>, into row: UnsafeMutableRawPointer) {
    codes.encode(vector, into: row)
  }
  package func prepare(query: UnsafePointer<Float>, into memory: UnsafeMutableRawPointer) {
    codes.prepare(query: query, into: memory)
  }
  package func distance(ofKey key: UInt32, query: UnsafeRawPointer) -> Float {
    codes.distance(ofKey: key)
  }

  /// How far an estimate lies above the true distance in 3 of 100 cases at most, for codes of 1 bit; 0 for
  /// wider codes, whose rows keep no bound. Both sides together: 6 of 100.
  package func errorBound(row: UnsafeRawPointer, query: UnsafeRawPointer) -> Float {
    guard bits == 1 else { return 0 }
    let word = row.loadUnaligned(fromByteOffset: codes.codeBytes + 8, as: UInt32.self)
    let bound = Float(bitPattern: UInt32(littleEndian: word)) * codes.length(ofQuery: query)
    // A damaged row bounds nothing.
    return bound >= 0 ? bound : .infinity
  }

  /// A distance that the row's true one lies below in 3 of 100 cases at most (the bound of ε₀ = 1.9 deviations);
  /// for wider codes than 1 bit the estimate itself.
  package func lowerBound(
    ofKey key: UInt32, row: UnsafeRawPointer, query: UnsafeRawPointer
  ) -> Float {
    let bound = DistanceKey.float(of: key) - errorBound(row: row, query: query)
    return metric == .dot ? bound : max(0, bound)
  }
}
