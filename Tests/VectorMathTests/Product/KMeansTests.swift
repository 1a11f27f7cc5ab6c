import TestSupport
import Testing

@testable import VectorMath

@Suite struct KMeansTests {
  private func points(_ count: Int, _ dimensions: Int, seed: UInt64) -> [Float] {
    clustered(count, dimensions: dimensions, seed: seed).flatMap { $0 }
  }

  private func train(
    _ points: [Float], _ dimensions: Int, _ centroids: Int, seed: UInt64 = 3, rounds: Int = 10,
    settled: Double = 0.01, kernels: ProductKernels = .best,
    parallel: ParallelLoop = sequentialLoop
  ) -> KMeans? {
    KMeans.train(
      points: points, count: points.count / dimensions, stride: dimensions,
      dimensions: dimensions, centroids: centroids, seed: seed, rounds: rounds, settled: settled,
      kernels: kernels, parallel: parallel)
  }

  /// Lloyd's algorithm without any of the shortcuts.
  private func bruteForce(
    _ points: [Float], _ dimensions: Int, from start: [Float], rounds: Int
  ) -> [Float] {
    var centroids = start
    let count = start.count / dimensions
    for _ in 0..<rounds {
      var sums = [Double](repeating: 0, count: start.count)
      var members = [Double](repeating: 0, count: count)
      for point in stride(from: 0, to: points.count, by: dimensions) {
        var best = (centroid: 0, distance: Float.infinity)
        for centroid in 0..<count {
          var distance: Float = 0
          for component in 0..<dimensions {
            let difference =
              points[point + component] - centroids[centroid * dimensions + component]
            distance += difference * difference
          }
          if distance < best.distance { best = (centroid, distance) }
        }
        members[best.centroid] += 1
        for component in 0..<dimensions {
          sums[best.centroid * dimensions + component] += Double(points[point + component])
        }
      }
      for index in start.indices where members[index / dimensions] > 0 {
        centroids[index] = Float(sums[index] / members[index / dimensions])
      }
    }
    return centroids
  }

  @Test(
    "Centroids are those of the plain algorithm on every level",
    arguments: [1, 2, 3, 4, 6, 8, 11, 40], [1, 2, 15, 16, 17, 33, 48])
  func equalsBruteForce(dimensions: Int, centroids: Int) throws {
    let points = points(150, dimensions, seed: 40)
    let start = points.withUnsafeBufferPointer { points in
      points.baseAddress.map {
        KMeansPoints(base: $0, count: 150, stride: dimensions, dimensions: dimensions)
          .draw(centroids, seed: 3)
      }
    }
    let wanted = bruteForce(points, dimensions, from: try #require(start), rounds: 3)
    for kernels in ProductKernels.levels {
      let found = try #require(
        train(points, dimensions, centroids, rounds: 3, settled: -1, kernels: kernels))
      #expect(found.rounds == 3)
      #expect(found.centroids == wanted, "\(kernels.name)")
    }
  }

  @Test func threadsChangeNothing() throws {
    let points = points(2 * KMeans.chunk + 100, 3, seed: 41)
    let alone = try #require(train(points, 3, 20, rounds: 4))
    let backwards = train(points, 3, 20, rounds: 4) { count, body in
      for index in (0..<count).reversed() { body(index) }
    }
    #expect(alone == train(points, 3, 20, rounds: 4, parallel: concurrentLoop))
    #expect(alone == backwards)
    #expect(alone != train(points, 3, 20, seed: 4, rounds: 4))
  }

  @Test func stopsWhenHardlyAnyPointMoves() throws {
    // Two groups far apart settle in the second round.
    let points = (0..<200).map { Float($0 % 2) * 1000 + Float($0) / 1000 }
    let found = try #require(train(points, 1, 2, rounds: 50))
    #expect(found.rounds < 10)
    #expect(found.centroids.sorted().map { $0.rounded() } == [0, 1000])
    // All points count as moved in the first round.
    #expect(train(points, 1, 2, rounds: 50, settled: 1)?.rounds == 1)
  }

  @Test func refusesFewerPointsThanCentroids() {
    #expect(train([1, 2, 3], 1, 4) == nil)
    #expect(train([1, 2, 3], 1, 3)?.centroids.sorted() == [1, 2, 3])
    #expect(train([1, 2, 3], 1, 0) == nil)
  }

  @Test func equalPointsAreNotDrawnTwiceWhileOthersRemain() throws {
    let points: [Float] = [5, 5, 5, 5, 1, 5, 5, 9, 5, 5]
    for seed in 0..<20 {
      let found = try #require(train(points, 1, 3, seed: UInt64(seed)))
      #expect(found.centroids.sorted() == [1, 5, 9])
    }
  }

  @Test func centroidsWithoutPointsStay() throws {
    let found = try #require(train([7, 7, 7, 7, 7], 1, 3))
    #expect(found.centroids == [7, 7, 7])
  }

  @Test func strideSkipsWhatLiesBetween() throws {
    let points: [Float] = [1, -99, 2, -99, 10, -99, 11, -99]
    let found = try #require(
      KMeans.train(
        points: points, count: 4, stride: 2, dimensions: 1, centroids: 2, seed: 1, settled: 0))
    #expect(found.centroids.sorted() == [1.5, 10.5])
  }
}
