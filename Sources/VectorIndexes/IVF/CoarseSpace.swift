import VectorMath

/// How vectors are compared with centroids: as rows of 7-bit codes by squared distance, whatever the metric.
///
/// The mean is taken off first, so that the codes' range serves what tells vectors apart. Vectors are normalised for
/// cosine; for dot they get one more coordinate, which gives all the same length, and the query is scaled to
/// that length: the squared distance then sorts as the product does (Neyshabur and Srebro, 2015).
///
/// Packed bits are compared as vectors of zeroes and ones, whose squared distance is the number of bits that differ:
/// centroids are means between 0 and 1, which tell more than the bits of a majority would.
struct CoarseSpace: Sendable, Equatable {
  /// The metric of the vectors.
  let metric: Metric
  /// Components of the vectors.
  let dimensions: Int
  /// Whether vectors are packed bits.
  let holdsBits: Bool
  /// What is taken off each component.
  let means: [Float]
  /// The length that all vectors have in the end; dot only.
  let length: Float
  /// The codes of what is left.
  let map: AffineMap

  /// The code of a bit that is set.
  static let bitCode: UInt8 = 127

  /// That of packed bits, which follows from their number.
  init(bits: Int) {
    metric = .hamming
    dimensions = bits
    holdsBits = true
    means = [Float](repeating: 0, count: bits)
    length = 0
    map = AffineMap(lowest: 0, step: 1 / Float(Self.bitCode))
  }

  /// A space with all that was trained.
  init(
    metric: Metric, dimensions: Int, holdsBits: Bool = false, means: [Float], length: Float,
    map: AffineMap
  ) {
    self.metric = metric
    self.dimensions = dimensions
    self.holdsBits = holdsBits
    self.means = means
    self.length = length
    self.map = map
  }

  /// Components that are compared with centroids.
  var coarseDimensions: Int { Self.coarseDimensions(dimensions, metric) }

  /// Components that are compared with centroids.
  static func coarseDimensions(_ dimensions: Int, _ metric: Metric) -> Int {
    dimensions + (metric == .dot ? 1 : 0)
  }

  /// Makes codes of vectors; keeps its memory from one to the next.
  final class Encoder {
    private let space: CoarseSpace
    private let quantizer: ScalarQuantizer
    private var values: [Float]

    init(_ space: CoarseSpace) {
      self.space = space
      quantizer = ScalarQuantizer(
        metric: .l2Squared, dimensions: space.coarseDimensions, map: space.map, clipping: true)
      values = [Float](repeating: 0, count: space.coarseDimensions)
    }

    /// Writes the codes of a row's vector, which is an original of the element type.
    func encode(_ vector: UnsafeRawPointer, into codes: UnsafeMutablePointer<UInt8>) {
      if space.holdsBits { return expand(vector, into: codes) }
      CoarseSpace.transform(
        vector.assumingMemoryBound(to: Float.self), dimensions: space.dimensions,
        metric: space.metric, length: space.length, into: &values)
      write(codes)
    }

    /// Writes the codes of a query of the element type and dimensions.
    func encodeQuery(_ query: SegmentQuery, into codes: UnsafeMutablePointer<UInt8>) {
      if let bits = query.exact.bits {
        guard space.holdsBits, bits.count * 8 == space.dimensions else { return }
        return bits.withUnsafeBytes { bits in
          if let base = bits.baseAddress { expand(base, into: codes) }
        }
      }
      query.vector.withUnsafeBufferPointer { vector in
        guard let base = vector.baseAddress else { return }
        CoarseSpace.transform(
          base, dimensions: space.dimensions, metric: space.metric == .dot ? .cosine : space.metric,
          length: 0, into: &values)
      }
      if space.metric == .dot {
        for index in 0..<space.dimensions { values[index] *= space.length }
        values[space.dimensions] = 0
      }
      write(codes)
    }

    /// Writes a code for each bit.
    private func expand(_ bits: UnsafeRawPointer, into codes: UnsafeMutablePointer<UInt8>) {
      for place in 0..<space.dimensions / 8 {
        let byte = bits.load(fromByteOffset: place, as: UInt8.self)
        for bit in 0..<8 {
          codes[place &* 8 &+ bit] = (0 &- (byte >> UInt8(7 &- bit) & 1)) & CoarseSpace.bitCode
        }
      }
    }

    private func write(_ codes: UnsafeMutablePointer<UInt8>) {
      for index in values.indices { values[index] -= space.means[index] }
      values.withUnsafeBufferPointer { values in
        guard let base = values.baseAddress else { return }
        quantizer.encode(base, codes: codes, residuals: nil)
      }
    }
  }

  /// A vector as it is before the mean is taken off.
  static func transform(
    _ vector: UnsafePointer<Float>, dimensions: Int, metric: Metric, length: Float,
    into values: inout [Float]
  ) {
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress, values.count >= dimensions else { return }
      base.update(from: vector, count: dimensions)
      if metric == .cosine { Normalization.normalize(base, count: dimensions) }
      guard metric == .dot, values.count > dimensions else { return }
      let rest = length * length - Self.square(vector, dimensions)
      values[dimensions] = rest > 0 && rest.isFinite ? rest.squareRoot() : 0
    }
  }

  /// The squared length of a vector; infinite where 32 bits do not suffice.
  static func square(_ vector: UnsafePointer<Float>, _ dimensions: Int) -> Float {
    var sum: Double = 0
    for index in 0..<dimensions { sum += Double(vector[index]) * Double(vector[index]) }
    return Float(sum)
  }

  /// The squared distance, in steps of the codes, of a row at `distance` by the metric from a query; `nil` where
  /// the metric says nothing about it.
  func coarseSquare(ofDistance distance: Float, queryLength: Float) -> Float? {
    let square: Float
    switch metric {
    case .l2Squared: square = distance
    case .cosine: square = 2 * distance
    case .dot:
      guard queryLength > 0 else { return nil }
      square = 2 * length * length + 2 * (length / queryLength) * distance
    case .hamming where holdsBits: square = distance
    case .manhattan, .hamming: return nil
    }
    let steps = square / (map.step * map.step)
    return steps.isFinite ? max(0, steps) : nil
  }
}
