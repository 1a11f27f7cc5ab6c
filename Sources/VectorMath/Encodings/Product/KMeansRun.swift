import CVectorKernels

/// The state of ``KMeans`` between two rounds.
struct KMeansRun {
  let points: KMeansPoints
  /// The centroids, one after the other.
  private(set) var centroids: [Float]
  /// The centroid of each point, `UInt32.max` before the first round.
  private var nearest: [UInt32]
  private var sums: [Double]
  private var members: [Int]

  init(points: KMeansPoints, centroids: Int, seed: UInt64) {
    self.points = points
    self.centroids = points.draw(centroids, seed: seed)
    nearest = [UInt32](repeating: .max, count: points.count)
    sums = [Double](repeating: 0, count: centroids * points.dimensions)
    members = [Int](repeating: 0, count: centroids)
  }

  /// Assigns all points and moves the centroids; returns how many points changed their centroid.
  mutating func round(kernels: ProductKernels, parallel: ParallelLoop) -> Int {
    let assigned = assign(kernels: kernels, parallel: parallel)
    var moved = 0
    for index in 0..<points.count where assigned[index] != nearest[index] { moved += 1 }
    nearest = assigned
    if moved > 0 { moveCentroids() }
    return moved
  }

  private func assign(kernels: ProductKernels, parallel: ParallelLoop) -> [UInt32] {
    let points = points
    let chunks = (points.count + KMeans.chunk - 1) / KMeans.chunk
    return centroids.withUnsafeBufferPointer { centroids in
      let columns = ProductKernels.columns(centroids, dimensions: points.dimensions)
      let width = columns.count / points.dimensions
      return [UInt32](unsafeUninitializedCapacity: points.count) { found, initialized in
        // Each index writes to a part of its own, and the loop is over before the array is used.
        nonisolated(unsafe) let found = found
        parallel(chunks) { chunk in
          let first = chunk * KMeans.chunk
          let count = min(KMeans.chunk, points.count - first)
          guard count > 0, let target = found.baseAddress else { return }
          columns.withUnsafeBufferPointer { columns in
            guard let columns = columns.baseAddress else { return }
            kernels.functions.nearest(
              points[first], points.stride, count, points.dimensions, columns, width,
              target + first)
          }
        }
        initialized = points.count
      }
    }
  }

  /// Sums in 64 bits and in the order of the points, whatever ran in parallel before.
  private mutating func moveCentroids() {
    let dimensions = points.dimensions
    let points = points
    nearest.withUnsafeBufferPointer { nearest in
      sums.withUnsafeMutableBufferPointer { sums in
        members.withUnsafeMutableBufferPointer { members in
          sums.update(repeating: 0)
          members.update(repeating: 0)
          for index in 0..<points.count {
            let centroid = Int(nearest[index])
            let point = points[index]
            members[centroid] += 1
            let start = centroid * dimensions
            for component in 0..<dimensions {
              sums[start + component] += Double(point[component])
            }
          }
        }
      }
    }
    for centroid in 0..<members.count where members[centroid] > 0 {
      for component in centroid * dimensions..<(centroid + 1) * dimensions {
        centroids[component] = Float(sums[component] / Double(members[centroid]))
      }
    }
  }
}
