import TestSupport
import Testing
import VectorMath

/// Maps that are trained: what they keep, and that nothing but the vectors decides them.
@Suite struct LinearTransformTests {
  private static let metrics: [Metric] = [.cosine, .dot, .l2Squared]

  /// Vectors that differ much along few directions, which no axis is.
  private func vectors(_ count: Int, _ dimensions: Int, seed: UInt64 = 3) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    let turn = (0..<dimensions * dimensions).map { _ in generator.gaussian() }
    var values: [Float] = []
    for _ in 0..<count {
      let source = (0..<dimensions).map { generator.gaussian() * 8 / Float(1 + $0) }
      for row in 0..<dimensions {
        var sum: Float = 3
        for column in 0..<dimensions { sum += turn[row * dimensions + column] * source[column] }
        values.append(sum)
      }
    }
    return values
  }

  private func train(
    _ plan: TransformPlan, _ metric: Metric, _ values: [Float], _ dimensions: Int,
    parallel: ParallelLoop = sequentialLoop
  ) throws -> LinearTransform {
    let trainer = TransformTrainer(plan, metric: metric, inputs: dimensions)
    return try #require(
      values.withUnsafeBufferPointer { values in
        values.baseAddress.flatMap {
          trainer.train(
            $0, count: values.count / dimensions, rows: values.count / dimensions,
            parallel: parallel)
        }
      })
  }

  private func distance(_ metric: Metric, _ a: [Float], _ b: [Float]) -> Float {
    b.withUnsafeBufferPointer { row in
      row.baseAddress.map { ExactDistance(metric: metric, query: a).distance(to: $0) } ?? 0
    }
  }

  @Test(arguments: metrics) func aRotationKeepsDistances(_ metric: Metric) throws {
    let values = vectors(200, 20)
    for plan in [
      TransformPlan.opq(subvectors: 5, dimensions: 20, seed: 1), .pca(dimensions: 20, seed: 1),
    ] {
      let map = try train(plan, metric, values, 20)
      #expect(!map.isReducing && map.header.kept == 1 && map.isWhole)
      for row in 0..<50 {
        let (a, b) = (Array(values[row * 20..<row * 20 + 20]), Array(values[2_000..<2_020]))
        let (before, after) = (distance(metric, a, b), distance(metric, map.apply(a), map.apply(b)))
        let scale = metric == .cosine ? 1 : abs(distance(.l2Squared, a, b)) + 1_000
        #expect(abs(before - after) <= 2e-6 * scale, "\(plan) \(row): \(before) \(after)")
      }
    }
  }

  @Test(arguments: metrics) func theLargestDirectionsAreKept(_ metric: Metric) throws {
    let values = vectors(400, 24)
    let map = try train(.pca(dimensions: 6, seed: 1), metric, values, 24)
    #expect(map.outputs == 6 && map.isReducing)
    #expect(map.header.kept > 0.8 && map.header.kept < 1, "\(map.header.kept)")
    let kept = values.withUnsafeBufferPointer { values in
      values.baseAddress.map { map.keptShare($0, count: 400) } ?? 0
    }
    #expect(abs(kept - map.header.kept) < 1e-4)
    // The random turn makes the components alike: none holds most of it.
    var squares = [Float](repeating: 0, count: 6)
    for row in 0..<400 {
      for (index, value) in map.apply(Array(values[row * 24..<row * 24 + 24])).enumerated() {
        squares[index] += value * value
      }
    }
    #expect((squares.max() ?? 0) < 0.8 * squares.reduce(0, +))
  }

  /// Loops that run backwards, and on several threads, in whatever order.
  @Test(arguments: metrics) func theSameVectorsGiveTheSameBits(_ metric: Metric) throws {
    let values = vectors(300, 40)
    for plan in [
      TransformPlan.pca(dimensions: 12, seed: 9), .opq(subvectors: 4, dimensions: 32, seed: 9),
    ] {
      let one = try train(plan, metric, values, 40)
      let two = try train(plan, metric, values, 40) { count, body in
        for index in (0..<count).reversed() { body(index) }
      }
      #expect(one.bytes.elementsEqual(two.bytes) && one.identifier == two.identifier)
      let copy = try #require(LinearTransform(copying: one.bytes))
      #expect(copy.header == one.header)
      let query = Array(values[0..<40])
      #expect(copy.apply(query) == one.apply(query))
      let mapped = try #require(LinearTransform(mapped: one.bytes))
      #expect(mapped.apply(query) == one.apply(query))
    }
    let seeds = try [1, 2].map {
      try train(.pca(dimensions: 12, seed: $0), metric, values, 40).identifier
    }
    #expect(seeds[0] != seeds[1])
  }

  @Test func everyInstructionSetGivesTheSameBits() throws {
    var generator = SeededGenerator(seed: 8)
    for (inputs, outputs) in [(1, 1), (5, 3), (16, 16), (31, 7), (70, 33)] {
      let values = (0..<9 * inputs).map { _ in generator.gaussian() }
      let map = try train(.pca(dimensions: outputs, seed: 1), .l2Squared, values, inputs)
      func apply(_ level: Int, _ count: Int) -> [UInt32] {
        var out = [Float](repeating: .nan, count: count * outputs)
        values.withUnsafeBufferPointer { values in
          out.withUnsafeMutableBufferPointer { out in
            if let from = values.baseAddress, let to = out.baseAddress {
              map.apply(from, count: count, to: to, level: level)
            }
          }
        }
        return out.map(\.bitPattern)
      }
      let first = apply(0, 9)
      for level in 0..<DistanceKernels.levels.count {
        #expect(apply(level, 9) == first, "level \(level), \(inputs) × \(outputs)")
        #expect(apply(level, 1) == Array(first.prefix(outputs)))
        #expect(apply(level, 6) == Array(first.prefix(6 * outputs)))
      }
    }
  }

  @Test(arguments: metrics) func whatIsMadeIsFinite(_ metric: Metric) throws {
    let large = Float.greatestFiniteMagnitude
    let values = vectors(60, 8) + [Float](repeating: large, count: 8)
    let map = try train(.opq(subvectors: 2, dimensions: 4, seed: 1), metric, values, 8)
    for vector in [
      [Float](repeating: large, count: 8), [Float](repeating: 0, count: 8),
      [large, -large, 0, 1e-38, -2e-38, 1, large, large],
    ] { #expect(map.apply(vector).allSatisfy { $0.isFinite }) }
    // Numbers that a file may hold, and no map does.
    var bytes = Array(map.bytes)
    for place in stride(from: 64, to: bytes.count, by: 4) {
      bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0xC0, 0x7F])
    }
    let broken = TransformBytes(bytes)
    let damaged = try #require(LinearTransform(mapped: broken.buffer))
    #expect(!damaged.isWhole)
    #expect(damaged.apply([1, 2, 3, 4, 5, 6, 7, 8]).allSatisfy { $0.isFinite })
    #expect(LinearTransform(copying: broken.buffer) == nil)
  }

  @Test func otherBytesAreRefused() throws {
    let map = try train(
      .opq(subvectors: 2, dimensions: 6, seed: 77), .dot, vectors(40, 8), 8)
    let bytes = Array(map.bytes)
    var generator = SeededGenerator(seed: 4)
    var refused = 0
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= UInt8.random(in: 1...255, using: &generator)
      let memory = TransformBytes(damaged)
      #expect(LinearTransform(copying: memory.buffer) == nil, "byte \(position)")
      if LinearTransform(mapped: memory.buffer) == nil { refused += 1 }
    }
    // Seed, rows, share and identifier may be any in the header.
    #expect(refused >= 24)
    for count in [0, 1, 63, 64, bytes.count - 1] {
      let memory = TransformBytes(Array(bytes.prefix(count)))
      #expect(LinearTransform(mapped: memory.buffer) == nil)
    }
    #expect(LinearTransform(mapped: TransformBytes(bytes + [0]).buffer) == nil)
  }

  @Test(
    arguments: [
      (.pca(dimensions: 9, seed: 1), .dot, "9 components cannot be made of 8"),
      (.pca(dimensions: 0, seed: 1), .dot, "0 components"),
      (.pca(dimensions: 4, seed: 1), .manhattan, "rotations change"),
      (.opq(subvectors: 3, dimensions: 8, seed: 1), .l2Squared, "3 subvectors do not divide"),
      (.opq(subvectors: 0, dimensions: 8, seed: 1), .l2Squared, "0 subvectors"),
    ] as [(TransformPlan, Metric, String)])
  func plansThatCannotBeAreNamed(_ plan: TransformPlan, _ metric: Metric, _ text: String) {
    #expect(plan.failure(inputs: 8, metric: metric)?.contains(text) == true)
    let trainer = TransformTrainer(plan, metric: metric, inputs: 8)
    let values = vectors(20, 8)
    let made = values.withUnsafeBufferPointer { values in
      values.baseAddress.flatMap { trainer.train($0, count: 20, rows: 20) }
    }
    #expect(made == nil)
  }
}

/// Bytes at an address that is a multiple of 64.
private final class TransformBytes {
  let buffer: UnsafeRawBufferPointer

  init(_ bytes: [UInt8]) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    memory.copyBytes(from: bytes)
    buffer = UnsafeRawBufferPointer(memory)
  }

  deinit { buffer.deallocate() }
}
