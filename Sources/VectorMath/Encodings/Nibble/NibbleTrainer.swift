import CVectorKernels

/// Chooses the 4-bit codes of a segment for cosine, dot and l2-squared from a sample of its vectors: ``NibbleTiers``
/// where one map serves them all about as well as a scale for each, otherwise codes around the sample's mean.
package struct NibbleTrainer: Sendable {
  private let metric: Metric
  private let dimensions: Int
  /// Every so many vectors are kept, to measure by.
  private let interval: Int
  private var met = 0
  private var center: CenterTrainer
  /// Vectors that were kept, as their owner gave them.
  private var kept: [Float] = []
  /// Components of all vectors by value, while all are whole numbers of a byte's range.
  private var values = [Double](repeating: 0, count: 512)
  private var largest = [Double](repeating: 0, count: 512)
  private var areBytes: Bool

  /// Components kept.
  private static let mostKept = 1 << 20
  /// Whole numbers from here on are counted.
  private static let firstValue = -256
  /// How much more of a vector one map may miss than a scale for each vector: then walks want hardly a wider beam,
  /// and rows are shorter and ranked without their originals. More where both halves together miss nothing.
  private static let mostLost = 2.0
  private static let mostLostByBytes = 4.0
  /// The share of vectors that may have a component beyond the cells of byte-like ones. They are compared by their
  /// originals, and the others get narrower cells for it.
  private static let clippedShare = 0.005
  /// Half the width of the map, in deviations.
  private static let reaches = [2.4, 2.7, 3.0, 3.4, 3.8, 4.4, 5.2]

  /// A trainer for about `expected` vectors.
  package init(metric: Metric, dimensions: Int, expected: Int) {
    self.metric = metric
    self.dimensions = dimensions
    center = CenterTrainer(metric: metric, dimensions: dimensions)
    let room = max(64, Self.mostKept / max(1, dimensions))
    interval = max(1, (expected + room - 1) / room)
    areBytes = metric == .l2Squared
  }

  /// Takes one vector of the sample, as its owner gave it.
  package mutating func add(_ vector: UnsafePointer<Float>) {
    center.add(vector)
    if areBytes { count(vector) }
    if met % interval == 0 {
      kept.append(contentsOf: UnsafeBufferPointer(start: vector, count: dimensions))
    }
    met += 1
  }

  private mutating func count(_ vector: UnsafePointer<Float>) {
    var most = 0
    for index in 0..<dimensions {
      let component = vector[index]
      guard component == component.rounded(), abs(component) < 256 else {
        areBytes = false
        return
      }
      let value = Int(component) - Self.firstValue
      values[value] += 1
      most = max(most, value)
    }
    largest[most] += 1
  }

  /// The quantiser for what was seen.
  package func quantizer(kernels: CodeKernels = .best) -> NibbleQuantizer? {
    let middle = center.center
    let centered = NibbleQuantizer(
      metric: metric, dimensions: dimensions, center: middle, kernels: kernels)
    guard let middle, let centered, metric != .dot,
      case .centered(let codes) = centered.reference
    else { return centered }
    let usual = mean { codes.relativeError(of: $0) }
    if let cells = byteCells() {
      let tiers = tiers(cells, nil, kernels)
      if mean({ tiers.relativeError(of: $0, from: middle) }) <= usual * Self.mostLostByBytes {
        return NibbleQuantizer(tiers: tiers)
      }
    }
    let spread = spread(middle)
    var best: (error: Double, tiers: NibbleTiers)?
    for reach in Self.reaches {
      guard let cells = cells(reach * spread) else { continue }
      let tiers = tiers(cells, middle, kernels)
      let error = mean { tiers.relativeError(of: $0, from: middle) }
      if error < best?.error ?? (usual * Self.mostLost) { best = (error, tiers) }
    }
    return best.flatMap { NibbleQuantizer(tiers: $0.tiers) } ?? centered
  }

  private func tiers(
    _ cells: NibbleCells, _ center: [Float]?, _ kernels: CodeKernels
  ) -> NibbleTiers {
    NibbleTiers(
      metric: metric, dimensions: dimensions, cells: cells, center: center, kernels: kernels)
  }

  /// Places that are whole numbers; `nil` unless all components are, at most 255 apart. Bytes keep the lower end of
  /// their type, so that rows outside the sample fit.
  private func byteCells() -> NibbleCells? {
    guard areBytes, let first = values.firstIndex(where: { $0 > 0 }),
      let last = values.lastIndex(where: { $0 > 0 }), last - first <= 255
    else { return nil }
    let lowest = first >= 256 ? 256 : first >= 128 && last <= 383 ? 128 : first
    var beyond = largest.reduce(0, +) * Self.clippedShare
    var top = min(last + 1, lowest + 255)
    while top > lowest + 1, beyond >= largest[top - 1] {
      beyond -= largest[top - 1]
      top -= 1
    }
    var histogram = Array(values[lowest...top])
    histogram[top - lowest] += values[(top + 1)...].reduce(0, +)
    return NibbleCells(lowest: Float(lowest + Self.firstValue), step: 1, histogram: histogram)
  }

  /// 256 places up to `reach` on both sides.
  private func cells(_ reach: Double) -> NibbleCells? {
    NibbleCells(
      lowest: Float(-reach), step: Float(2 * reach / 255),
      histogram: [Double](repeating: 1, count: 256))
  }

  /// The deviation of components from the centre's.
  private func spread(_ middle: [Float]) -> Double {
    let square = mean { vector in
      var square = 0.0
      withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, dimensions)) { floats in
        guard let base = floats.baseAddress else { return }
        Normalization.copy(vector, count: dimensions, metric: metric, to: base)
        for index in 0..<dimensions {
          let difference = Double(base[index]) - Double(middle[index])
          square += difference * difference
        }
      }
      return square / Double(dimensions)
    }
    return square.squareRoot()
  }

  /// The mean of a measure over the vectors kept.
  private func mean(_ measure: (UnsafePointer<Float>) -> Double?) -> Double {
    var sum = 0.0
    var count = 0.0
    kept.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for start in Swift.stride(from: 0, to: buffer.count, by: dimensions) {
        guard let value = measure(base + start) else { continue }
        sum += value
        count += 1
      }
    }
    return count > 0 ? sum / count : 0
  }
}
