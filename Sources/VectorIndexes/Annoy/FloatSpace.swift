import VectorMath

/// Trees over rows of floats.
struct FloatSpace: PlaneSpace, @unchecked Sendable {
  // Sendable: read-only memory that outlives the build.

  let rows: UnsafeRawPointer
  let stride: Int
  let dimensions: Int
  /// One more coordinate of each row; dot only.
  let extra: UnsafePointer<Float>?
  let isAngular: Bool
  let isWhole = false
  let origin = 0.0
  let tuning: TreeTuning
  private let distance: BatchKernel
  private let product = DistanceKernels.best.floatBatch(.dot)

  init(
    _ codec: RowCodec, rows: UnsafeRawPointer, extra: UnsafePointer<Float>?, tuning: TreeTuning
  ) {
    self.rows = rows
    stride = codec.rowStride
    dimensions = codec.dimensions
    self.extra = extra
    isAngular = codec.metric == .cosine || codec.metric == .dot
    self.tuning = tuning
    distance = DistanceKernels.best.floatBatch(codec.metric == .manhattan ? .manhattan : .l2Squared)
  }

  @inline(__always)
  private func address(_ row: UInt32) -> UnsafePointer<Float> {
    (rows + Int(row) &* stride).assumingMemoryBound(to: Float.self)
  }

  func point(_ row: UInt32) -> TreeMean {
    let values = UnsafeBufferPointer(start: address(row), count: dimensions)
    return TreeMean(values: values.map { Double($0) }, extra: coordinate(row))
  }

  private func coordinate(_ row: UInt32) -> Double { extra.map { Double($0[Int(row)]) } ?? 0 }

  func add(_ row: UInt32, to sums: inout [Double]) -> Double {
    let values = address(row)
    sums.withUnsafeMutableBufferPointer { sums in
      for component in sums.indices { sums[component] += Double(values[component]) }
    }
    return coordinate(row)
  }

  func measure(
    _ mean: TreeMean, _ count: Int, _ query: UnsafeMutableRawPointer, _ scratch: TreeScratch,
    into keys: UnsafeMutablePointer<UInt32>
  ) {
    let values = query.assumingMemoryBound(to: Float.self)
    for (index, value) in mean.values.enumerated() { values[index] = Float(value) }
    distance.gather(query, rows, stride, scratch.sample, count, dimensions, keys)
    guard let extra else { return }
    for index in 0..<count {
      let difference = Float(mean.extra) - extra[Int(scratch.sample[index])]
      keys[index] = DistanceKey.key(
        of: DistanceKey.float(of: keys[index]) + difference * difference)
    }
  }

  func margins(
    of rows: UnsafeBufferPointer<UInt32>, _ split: Split, into margins: UnsafeMutablePointer<Float>,
    _ scratch: TreeScratch
  ) {
    guard let base = rows.baseAddress else { return }
    let plane = scratch.first.assumingMemoryBound(to: Float.self)
    for (index, weight) in split.plane.enumerated() { plane[index] = Float(weight) }
    let threshold = Float(split.threshold)
    let weight = Float(split.extra)
    for start in Swift.stride(from: 0, to: rows.count, by: TreeScratch.batch) {
      let count = min(TreeScratch.batch, rows.count - start)
      product.gather(
        scratch.first, self.rows, stride, base + start, count, dimensions, scratch.keys)
      for index in 0..<count {
        var margin = 0 - DistanceKey.float(of: scratch.keys[index]) - threshold
        if let extra { margin += weight * extra[Int(base[start + index])] }
        margins[start + index] = margin
      }
    }
  }

  func terms(of split: Split) -> (sum: Int32, scale: Float, offset: Float) {
    let length = split.length
    return (Int32(split.sum), Float(1 / length), Float(-split.threshold / length))
  }
}
