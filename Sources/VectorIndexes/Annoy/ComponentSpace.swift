import VectorMath

/// Trees over rows whose components are equal or not: a component, drawn at random, divides. What is equal in
/// it stays together, and a value that is not is as far away as any other.
struct ComponentSpace: TreeSpace, @unchecked Sendable {
  // Sendable: read-only memory that outlives the build.

  let rows: UnsafeRawPointer
  let stride: Int
  let dimensions: Int
  let tuning: TreeTuning
  let planeStride = 0

  /// Components that are tried before some rows are said to be all alike.
  private static let attempts = 20

  init(_ codec: RowCodec, rows: UnsafeRawPointer, tuning: TreeTuning) {
    self.rows = rows
    stride = codec.rowStride
    dimensions = codec.dimensions
    self.tuning = tuning
  }

  @inline(__always)
  private func value(_ row: UInt32, _ component: Int) -> Float {
    (rows + Int(row) &* stride).loadUnaligned(fromByteOffset: component &* 4, as: Float.self)
  }

  /// The middle of the values of a component that tells some sampled rows apart.
  func propose(
    _ rows: UnsafeBufferPointer<UInt32>, _ random: inout SeededRandom, _ scratch: TreeScratch
  ) -> Split? {
    let count = tuning.sampleRows(of: rows.count)
    for _ in 0..<Self.attempts {
      let component = random.below(dimensions)
      var values = (0..<count).map { _ in value(rows[random.below(rows.count)], component) }
      values.sort()
      guard let least = values.first, let middle = values.first(where: { $0 > least }) else {
        continue
      }
      return Split(component: component, threshold: Double(max(middle, values[count / 2])))
    }
    return nil
  }

  func margins(
    of rows: UnsafeBufferPointer<UInt32>, _ split: Split, into margins: UnsafeMutablePointer<Float>,
    _ scratch: TreeScratch
  ) {
    let threshold = Float(split.threshold)
    for (index, row) in rows.enumerated() {
      margins[index] = value(row, split.component) >= threshold ? 1 : -1
    }
  }

  func terms(of split: Split) -> (sum: Int32, scale: Float, offset: Float) {
    (Int32(split.component), 1, Float(split.threshold))
  }
}
