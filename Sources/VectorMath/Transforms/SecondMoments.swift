/// The mean of vectors, and the mean product of each two components: of what is left without the mean for l2-squared, of the
/// vectors as they are for dot, of the vectors at length 1 for cosine. Summed up in 64 bits, always in the same order.
struct SecondMoments {
  let mean: [Float]
  /// Row after row, all of it.
  let matrix: [Double]

  /// Vectors that are summed up at a time: a block of them stays in the cache.
  private static let block = 128

  init(
    _ samples: UnsafePointer<Float>, count: Int, dimensions: Int, metric: Metric,
    isCancelled: () -> Bool, parallel: ParallelLoop
  ) {
    let mean =
      metric == .l2Squared
      ? Self.mean(samples, count, dimensions) : [Float](repeating: 0, count: dimensions)
    self.mean = mean
    var matrix = [Double](repeating: 0, count: dimensions * dimensions)
    var rows = [Double](repeating: 0, count: Self.block * dimensions)
    matrix.withUnsafeMutableBufferPointer { matrix in
      rows.withUnsafeMutableBufferPointer { rows in
        guard let sums = matrix.baseAddress, let block = rows.baseAddress else { return }
        // Every index below writes to a row of its own, and the loop is over before anything is read.
        nonisolated(unsafe) let (target, source) = (sums, block)
        for first in stride(from: 0, to: count, by: Self.block) {
          if isCancelled() { break }
          let size = min(Self.block, count - first)
          Self.prepare(samples + first * dimensions, size, mean, metric, block)
          let stretch = 16
          parallel((dimensions + stretch - 1) / stretch) { part in
            for row in part * stretch..<min((part + 1) * stretch, dimensions) {
              Self.add(source, size, dimensions, row, to: target + row * dimensions)
            }
          }
        }
        for row in 0..<dimensions {
          for column in 0...row {
            let value = sums[row * dimensions + column] / Double(max(1, count))
            sums[row * dimensions + column] = value
            sums[column * dimensions + row] = value
          }
        }
      }
    }
    self.matrix = matrix
  }

  private static func mean(
    _ samples: UnsafePointer<Float>, _ count: Int, _ dimensions: Int
  ) -> [Float] {
    var sums = [Double](repeating: 0, count: dimensions)
    for row in 0..<count {
      let vector = samples + row * dimensions
      for index in 0..<dimensions { sums[index] += Double(vector[index]) }
    }
    return sums.map { Wide.finite($0 / Double(max(1, count))) }
  }

  /// Vectors as they are summed up.
  private static func prepare(
    _ samples: UnsafePointer<Float>, _ count: Int, _ mean: [Float], _ metric: Metric,
    _ out: UnsafeMutablePointer<Double>
  ) {
    let dimensions = mean.count
    for row in 0..<count {
      let vector = samples + row * dimensions
      let target = out + row * dimensions
      var scale = 1.0
      if metric == .cosine {
        var square = 0.0
        for index in 0..<dimensions { square += Double(vector[index]) * Double(vector[index]) }
        scale = square > 0 ? 1 / square.squareRoot() : 0
      }
      for index in 0..<dimensions {
        target[index] = (Double(vector[index]) - Double(mean[index])) * scale
      }
    }
  }

  /// Adds the products of one component with those before it, of four vectors at a time.
  private static func add(
    _ rows: UnsafeMutablePointer<Double>, _ count: Int, _ dimensions: Int, _ row: Int,
    to sums: UnsafeMutablePointer<Double>
  ) {
    var vector = 0
    while vector + 4 <= count {
      let a = rows + vector * dimensions
      let (b, c, d) = (a + dimensions, a + 2 * dimensions, a + 3 * dimensions)
      let (x, y, z, w) = (a[row], b[row], c[row], d[row])
      for column in 0...row {
        sums[column] += (x * a[column] + y * b[column]) + (z * c[column] + w * d[column])
      }
      vector += 4
    }
    while vector < count {
      let a = rows + vector * dimensions
      let x = a[row]
      for column in 0...row { sums[column] += x * a[column] }
      vector += 1
    }
  }
}
