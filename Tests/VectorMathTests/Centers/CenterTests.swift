import CVectorKernels
import TestSupport
import Testing

@testable import VectorMath

@Suite struct CenterTests {
  /// Random points: few different values, so that distances are often equal.
  private static func points(
    _ count: Int, _ dimensions: Int, _ generator: inout SeededGenerator, values: [UInt8]
  ) -> CodePoints {
    var points = CodePoints(dimensions: dimensions)
    points.codes = [UInt8](repeating: 0, count: count * points.stride)
    for index in 0..<count {
      for component in 0..<dimensions {
        points.codes[index * points.stride + component] =
          values.randomElement(using: &generator) ?? 0
      }
    }
    return points
  }

  private static func nearest(
    _ points: CodePoints, _ centers: CodeCenters, _ kernels: CenterKernels
  ) -> ([UInt32], [Int32]) {
    var found = [UInt32](repeating: .max, count: points.count)
    var distances = [Int32](repeating: 0, count: points.count)
    points.codes.withUnsafeBufferPointer { codes in
      found.withUnsafeMutableBufferPointer { found in
        distances.withUnsafeMutableBufferPointer { distances in
          guard let codes = codes.baseAddress, let numbers = found.baseAddress,
            let values = distances.baseAddress
          else { return }
          centers.nearest(
            points: codes, stride: points.stride, count: points.count, kernels: kernels,
            found: numbers, distances: values)
        }
      }
    }
    return (found, distances)
  }

  @Test func everyLevelFindsTheFirstOfTheNearest() {
    var generator = SeededGenerator(seed: 3)
    for (dimensions, count) in [(1, 1), (3, 31), (4, 32), (7, 33), (64, 65), (130, 100)] {
      for values in [[0, 127] as [UInt8], Array(0...127)] {
        let centers = Self.points(count, dimensions, &generator, values: values)
        let points = Self.points(29, dimensions, &generator, values: values)
        let arranged = CodeCenters(
          rows: centers.codes, stride: centers.stride, dimensions: dimensions)
        let wanted = (0..<points.count).map { point -> (UInt32, Int32) in
          let all = (0..<count).map { center in
            (0..<dimensions).reduce(Int32(0)) { sum, component in
              let own = Int32(points.codes[point * points.stride + component])
              let other = Int32(centers.codes[center * centers.stride + component])
              return sum + other * other - 2 * own * other
            }
          }
          let least = all.min() ?? 0
          return (UInt32(all.firstIndex(of: least) ?? 0), least)
        }
        for kernels in CenterKernels.levels {
          let (found, distances) = Self.nearest(points, arranged, kernels)
          #expect(found == wanted.map(\.0), "\(kernels.name), \(dimensions) components")
          #expect(distances == wanted.map(\.1), "\(kernels.name), \(dimensions) components")
        }
      }
    }
  }

  @Test func theWidestVectorsDoNotOverflow() {
    let dimensions = 65_536
    var points = CodePoints(dimensions: dimensions)
    points.codes = [UInt8](repeating: 127, count: 2 * dimensions)
    let centers = CodeCenters(
      rows: points.codes, stride: dimensions, dimensions: dimensions)
    for kernels in CenterKernels.levels {
      let (found, distances) = Self.nearest(points, centers, kernels)
      #expect(found == [0, 0])
      #expect(distances == [-1_057_030_144, -1_057_030_144], "\(kernels.name)")
    }
  }

  @Test func theSameSeedGivesTheSameCentersAtEveryLevelAndInAnyOrder() throws {
    var generator = SeededGenerator(seed: 4)
    let points = Self.points(6_000, 12, &generator, values: Array(20...90))
    let first = try #require(CodeMeans.train(points, centers: 50, seed: 9))
    for kernels in CenterKernels.levels {
      let other = CodeMeans.train(
        points, centers: 50, seed: 9, kernels: kernels,
        parallel: { count, body in for index in (0..<count).reversed() { body(index) } })
      #expect(other?.centers == first.centers, "\(kernels.name)")
    }
    let seeded = CodeMeans.train(points, centers: 50, seed: 10)
    #expect(seeded?.centers != first.centers)
  }

  /// Half of the points crowd in one place: left alone, one centre would have them all.
  @Test func noCenterHasManyTimesTheMeanOfThePoints() throws {
    var generator = SeededGenerator(seed: 5)
    var points = Self.points(8_000, 8, &generator, values: Array(0...127))
    for index in 0..<4_000 {
      for component in 0..<8 {
        points.codes[index * 8 + component] = UInt8(60 + Int.random(in: 0...3, using: &generator))
      }
    }
    points.codes = (0..<8_000).shuffled(using: &generator).flatMap {
      points.codes[$0 * 8..<$0 * 8 + 8]
    }
    let means = try #require(CodeMeans.train(points, centers: 64, seed: 1))
    let centers = CodeCenters(rows: means.centers, stride: 8, dimensions: 8)
    let (found, _) = Self.nearest(points, centers, .best)
    var members = [Int](repeating: 0, count: 64)
    for center in found { members[Int(center)] += 1 }
    #expect((members.max() ?? 0) <= 5 * 8_000 / 64, "\(members)")
  }

  @Test func fewPointsAndEqualOnesAreClusteredToo() throws {
    var points = CodePoints(dimensions: 2)
    #expect(CodeMeans.train(points, centers: 3, seed: 1) == nil)
    points.codes = [5, 6, 0, 0]
    #expect(CodeMeans.train(points, centers: 3, seed: 1)?.centers == [5, 6])
    points.codes = Array(repeating: [5, 6, 0, 0], count: 40).flatMap { $0 }
    #expect(CodeMeans.train(points, centers: 3, seed: 1)?.centers.prefix(2) == [5, 6])
    #expect(CodeMeans.train(points, centers: 3, seed: 1, isCancelled: { true }) == nil)
  }
}
