import StorageIO
import VectorMath

extension CoarseSpace {
  /// Rows that decide about means and ranges.
  static let sampleRows = 16_384

  /// Chooses means and codes by a sample, row after row; `nil` without any.
  init?(_ sample: TrainingSample, metric: Metric) {
    let dimensions = sample.dimensions
    let coarse = Self.coarseDimensions(dimensions, metric)
    guard sample.count > 0 else { return nil }
    let sums = sample.values.withUnsafeBufferPointer { values -> (means: [Float], length: Float)? in
      guard let base = values.baseAddress else { return nil }
      return Self.means(base, sample.count, dimensions, metric)
    }
    guard let sums else { return nil }
    var calibrator = ScalarQuantizerCalibrator(metric: .l2Squared, dimensions: coarse)
    var row = [Float](repeating: 0, count: coarse)
    sample.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for index in 0..<sample.count {
        Self.transform(
          base + index * dimensions, dimensions: dimensions, metric: metric, length: sums.length,
          into: &row)
        for component in 0..<coarse { row[component] -= sums.means[component] }
        guard row.allSatisfy(\.isFinite) else { continue }
        row.withUnsafeBufferPointer { row in
          if let first = row.baseAddress { calibrator.add(first) }
        }
      }
    }
    self.init(
      metric: metric, dimensions: dimensions, means: sums.means, length: sums.length,
      map: calibrator.quantizer().map)
  }

  private static func means(
    _ base: UnsafePointer<Float>, _ count: Int, _ dimensions: Int, _ metric: Metric
  ) -> (means: [Float], length: Float) {
    var length: Float = 0
    if metric == .dot {
      for index in 0..<count {
        let own = square(base + index * dimensions, dimensions).squareRoot()
        if own.isFinite { length = max(length, own) }
      }
    }
    let coarse = coarseDimensions(dimensions, metric)
    var sums = [Double](repeating: 0, count: coarse)
    var row = [Float](repeating: 0, count: coarse)
    for index in 0..<count {
      transform(
        base + index * dimensions, dimensions: dimensions, metric: metric, length: length,
        into: &row)
      for component in 0..<coarse { sums[component] += Double(row[component]) }
    }
    return (sums.map { Float($0 / Double(count)) }, length)
  }
}
