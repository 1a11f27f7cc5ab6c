import VectorMath

/// Trees over rows of 7-bit codes. All that decides is arithmetic of whole numbers, or of doubles in a fixed
/// order, so that every CPU builds the same trees.
struct CodeSpace: PlaneSpace, @unchecked Sendable {
  // Sendable: read-only memory that outlives the build.

  let rows: UnsafeRawPointer
  let stride: Int
  let dimensions: Int
  /// Components that kernels are given: with the padding, where rows have one.
  let kernelDimensions: Int
  let map: AffineMap
  /// One more coordinate of each row, in steps of a code; dot only.
  let extra: UnsafePointer<Int32>?
  let isAngular: Bool
  let isWhole = true
  let tuning: TreeTuning
  private let distance: BatchKernel
  private let product: BatchKernel

  init?(
    _ codec: RowCodec, rows: UnsafeRawPointer, extra: UnsafePointer<Int32>?, tuning: TreeTuning
  ) {
    let measure = codec.metric == .manhattan ? Metric.manhattan : .l2Squared
    guard let quantizer = codec.quantizer,
      let distance = DistanceKernels.best.codeBatch(measure),
      let product = DistanceKernels.best.codeBatch(.dot)
    else { return nil }
    self.rows = rows
    stride = codec.rowStride
    dimensions = codec.dimensions
    kernelDimensions = codec.kernelDimensions
    map = quantizer.map
    self.extra = extra
    isAngular = codec.metric == .cosine || codec.metric == .dot
    self.tuning = tuning
    self.distance = distance
    self.product = product
  }

  /// In steps from the middle of code 0.
  var origin: Double { Double(map.firstMiddle) / Double(map.step) }

  @inline(__always)
  private func address(_ row: UInt32) -> UnsafePointer<UInt8> {
    (rows + Int(row) &* stride).assumingMemoryBound(to: UInt8.self)
  }

  func point(_ row: UInt32) -> TreeMean {
    let codes = UnsafeBufferPointer(start: address(row), count: dimensions)
    return TreeMean(values: codes.map { Double($0) }, extra: coordinate(row))
  }

  private func coordinate(_ row: UInt32) -> Double { extra.map { Double($0[Int(row)]) } ?? 0 }

  func add(_ row: UInt32, to sums: inout [Double]) -> Double {
    let codes = address(row)
    sums.withUnsafeMutableBufferPointer { sums in
      for component in sums.indices { sums[component] += Double(codes[component]) }
    }
    return coordinate(row)
  }

  func measure(
    _ mean: TreeMean, _ count: Int, _ query: UnsafeMutableRawPointer, _ scratch: TreeScratch,
    into keys: UnsafeMutablePointer<UInt32>
  ) {
    let codes = query.assumingMemoryBound(to: UInt8.self)
    for (index, value) in mean.values.enumerated() {
      codes[index] = UInt8(max(0, min(127, value.rounded())))
    }
    distance.gather(query, rows, stride, scratch.sample, count, kernelDimensions, keys)
    guard let extra else { return }
    let own = Int64(mean.extra.rounded())
    for index in 0..<count {
      let difference = own - Int64(extra[Int(scratch.sample[index])])
      keys[index] = UInt32(clamping: UInt64(keys[index]) &+ UInt64(difference &* difference))
    }
  }

  func margins(
    of rows: UnsafeBufferPointer<UInt32>, _ split: Split, into margins: UnsafeMutablePointer<Float>,
    _ scratch: TreeScratch
  ) {
    guard let base = rows.baseAddress else { return }
    let plane = scratch.first.assumingMemoryBound(to: Int8.self)
    for (index, weight) in split.plane.enumerated() { plane[index] = weight }
    let threshold = Int64(split.threshold)
    let weight = Int64(split.extra)
    for start in Swift.stride(from: 0, to: rows.count, by: TreeScratch.batch) {
      let count = min(TreeScratch.batch, rows.count - start)
      product.gather(
        scratch.first, self.rows, stride, base + start, count, kernelDimensions, scratch.keys)
      for index in 0..<count {
        var margin = 0x8000_0000 - Int64(scratch.keys[index]) - threshold
        if let extra { margin += weight * Int64(extra[Int(base[start + index])]) }
        margins[start + index] = Float(margin)
      }
    }
  }

  /// Codes c stand for firstMiddle + c · step.
  func terms(of split: Split) -> (sum: Int32, scale: Float, offset: Float) {
    let sum = split.sum
    let length = split.length
    let threshold = Double(map.firstMiddle) * Double(sum) + Double(map.step) * split.threshold
    return (Int32(sum), Float(1 / length), Float(-threshold / length))
  }
}
