import VectorMath

/// How vectors are compared with centroids: as rows of 7-bit codes by squared distance, whatever the metric.
///
/// The mean is taken off first, so that the codes' range serves what tells vectors apart. Vectors are normalised for
/// cosine; for dot they get one more coordinate, which gives all the same length, and the query is scaled to
/// that length: the squared distance then sorts as the product does (Neyshabur and Srebro, 2015).
struct CoarseSpace: Sendable, Equatable {
  /// The metric of the vectors.
  let metric: Metric
  /// Components of the vectors.
  let dimensions: Int
  /// What is taken off each component.
  let means: [Float]
  /// The length that all vectors have in the end; dot only.
  let length: Float
  /// The codes of what is left.
  let map: AffineMap

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

    /// Writes the codes of a row's vector.
    func encode(_ vector: UnsafePointer<Float>, into codes: UnsafeMutablePointer<UInt8>) {
      CoarseSpace.transform(
        vector, dimensions: space.dimensions, metric: space.metric, length: space.length,
        into: &values)
      write(codes)
    }

    /// Writes the codes of a query.
    func encodeQuery(_ vector: [Float], into codes: UnsafeMutablePointer<UInt8>) {
      vector.withUnsafeBufferPointer { vector in
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
    case .manhattan, .hamming: return nil
    }
    let steps = square / (map.step * map.step)
    return steps.isFinite ? max(0, steps) : nil
  }
}
