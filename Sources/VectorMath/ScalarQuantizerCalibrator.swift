import CVectorKernels

/// Chooses a segment's affine map from a sample of its vectors.
///
/// Whole numbers at most 255 apart (bytes as floats, say) get a map that decodes them exactly. Otherwise
/// the map covers everything from the smallest to the largest component, unless that is more than 1.5
/// times what the middle 99.9 % of the components need: then outliers are clipped, since a few of
/// them would cost all others their precision.
package struct ScalarQuantizerCalibrator: Sendable {
  private let metric: Metric
  private let dimensions: Int
  private var lowest = Float.infinity
  private var highest = -Float.infinity
  /// Components by the upper 16 bits of their order-preserving keys: bins within 0.8 % of the value, from
  /// the smallest float to the largest, without knowing the range beforehand.
  private var histogram = [UInt32](repeating: 0, count: 65_536)
  private var fractional: UInt32 = 0

  /// The most that the whole range may exceed the range of the middle 99.9 %.
  static let widestRange = 1.5
  /// The share of components on either side that may be clipped.
  static let clippedShare = 0.0005

  /// A calibrator that has seen nothing.
  package init(metric: Metric, dimensions: Int) {
    self.metric = metric
    self.dimensions = dimensions
  }

  /// Takes one vector of the sample, as its owner gave it.
  package mutating func add(_ vector: UnsafePointer<Float>) {
    guard metric == .cosine else { return survey(vector, scale: 1) }
    if let scale = Normalization.scale(of: vector, count: dimensions) {
      return survey(vector, scale: scale)
    }
    let unit = Normalization.normalized(UnsafeBufferPointer(start: vector, count: dimensions))
    unit.withUnsafeBufferPointer { unit in
      guard let base = unit.baseAddress else { return }
      survey(base, scale: 1)
    }
  }

  private mutating func survey(_ vector: UnsafePointer<Float>, scale: Float) {
    histogram.withUnsafeMutableBufferPointer { histogram in
      guard let counters = histogram.baseAddress else { return }
      vk_survey(vector, dimensions, scale, &lowest, &highest, counters, &fractional)
    }
  }

  /// The quantiser for what was seen; −1...1 is covered when nothing was.
  package func quantizer() -> ScalarQuantizer {
    guard lowest <= highest, lowest.isFinite, highest.isFinite else {
      return quantizer(.covering(-1, 1), clipping: false)
    }
    if metric != .cosine, fractional == 0,
      let map = AffineMap.coveringWholeNumbers(lowest, highest)
    {
      return quantizer(map, clipping: false)
    }
    let (low, high) = middle()
    let whole = Double(highest) - Double(lowest)
    let clipping = whole > Self.widestRange * (Double(high) - Double(low)) && high > low
    return quantizer(
      clipping ? .covering(low, high) : .covering(lowest, highest), clipping: clipping)
  }

  private func quantizer(_ map: AffineMap, clipping: Bool) -> ScalarQuantizer {
    ScalarQuantizer(metric: metric, dimensions: dimensions, map: map, clipping: clipping)
  }

  /// The range that leaves out ``clippedShare`` of the components on either side, to the outer edges of
  /// its bins.
  private func middle() -> (low: Float, high: Float) {
    var first: UInt32 = 0
    var last: UInt32 = 0
    vk_middle_bins(histogram, Self.clippedShare, &first, &last)
    let low = max(lowest, vk_float_from_key(first << 16))
    let high = min(highest, vk_float_from_key(last << 16 | 0xffff))
    return (low, high)
  }
}
