import CVectorKernels

/// Makes 7-bit codes and 8-bit residuals of a segment's vectors, one affine map for all components.
///
/// Codes are 0...127, so that the difference of two is a valid signed and unsigned byte at once, which
/// every instruction set's integer kernels need. For cosine, vectors are normalised before they are
/// encoded, and squared differences of codes order them as cosine does. All bytes are the same on
/// every CPU.
package struct ScalarQuantizer: Sendable, Equatable {
  /// The metric that the codes serve; never hamming.
  package let metric: Metric
  /// The number of components of every vector.
  package let dimensions: Int
  /// The map of all components.
  package let map: AffineMap
  /// Calibration met outliers and left them outside the map: residuals cannot repair those components.
  package let clipping: Bool

  /// A quantiser with a known map.
  package init(metric: Metric, dimensions: Int, map: AffineMap, clipping: Bool = false) {
    self.metric = metric
    self.dimensions = dimensions
    self.map = map
    self.clipping = clipping
  }

  /// A quantiser for vectors like the sample: `count` rows of floats, `stride` floats apart.
  package static func calibrate(
    sample: UnsafePointer<Float>, count: Int, stride: Int, metric: Metric, dimensions: Int
  ) -> ScalarQuantizer {
    var calibrator = ScalarQuantizerCalibrator(metric: metric, dimensions: dimensions)
    for row in 0..<max(0, count) { calibrator.add(sample + row * stride) }
    return calibrator.quantizer()
  }

  /// Encodes one vector as the caller gave it; for cosine it is normalised on the way. Writes
  /// `dimensions` bytes to `codes` and to `residuals` if given.
  @discardableResult
  package func encode(
    _ vector: UnsafePointer<Float>, codes: UnsafeMutablePointer<UInt8>,
    residuals: UnsafeMutablePointer<UInt8>?
  ) -> EncodeOutcome {
    guard metric == .cosine else { return encode(vector, 1, codes, residuals) }
    if let scale = Normalization.scale(of: vector, count: dimensions) {
      return encode(vector, scale, codes, residuals)
    }
    let unit = Normalization.normalized(UnsafeBufferPointer(start: vector, count: dimensions))
    var outcome = unit.withUnsafeBufferPointer { unit in
      unit.baseAddress.map { encode($0, 1, codes, residuals) }
    }
    outcome?.exact = false
    return outcome ?? EncodeOutcome(clipped: false, exact: true)
  }

  private func encode(
    _ vector: UnsafePointer<Float>, _ scale: Float, _ codes: UnsafeMutablePointer<UInt8>,
    _ residuals: UnsafeMutablePointer<UInt8>?
  ) -> EncodeOutcome {
    var map = map.functions
    let flags = DistanceKernels.best.functions.encode(
      vector, dimensions, scale, &map, codes, residuals)
    return EncodeOutcome(
      clipped: flags & UInt32(VK_CLIPPED) != 0,
      exact: flags & UInt32(VK_INEXACT) == 0)
  }

  /// Decodes one vector (for cosine: the normalised one); without residuals to the middles of the cells.
  package func decode(
    codes: UnsafePointer<UInt8>, residuals: UnsafePointer<UInt8>?,
    into vector: UnsafeMutablePointer<Float>
  ) {
    var map = map.functions
    DistanceKernels.best.functions.decode(codes, residuals, dimensions, &map, vector)
  }
}
