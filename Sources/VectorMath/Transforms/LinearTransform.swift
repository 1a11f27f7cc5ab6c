import CVectorKernels

/// A linear map of vectors: the mean is taken off where distances do not depend on it, then the vector is multiplied with a
/// matrix whose rows are of length 1 and at right angles to each other.
///
/// So squared distances and products of vectors are kept but for the directions that the map leaves out. Under cosine
/// vectors are normalised first. The mean is taken off for l2-squared alone: products and angles would not be the same without
/// it. The same vector gives the same bits on every CPU.
package struct LinearTransform: @unchecked Sendable {
  // Unchecked: memory that is never written again.

  /// What the map is.
  package let header: Header
  /// Where its bytes begin.
  let start: UnsafeRawPointer
  private let mean: UnsafePointer<Float>
  private let matrix: UnsafePointer<Float>
  /// Keeps the memory; nil where whoever made the map does.
  private let owner: TransformMemory?

  /// Components of a vector.
  package var inputs: Int { header.inputs }
  /// Components of what is stored.
  package var outputs: Int { header.outputs }
  /// What it was made for.
  package var plan: TransformPlan { header.plan }
  /// Names it: a hash of all of it.
  package var identifier: UInt64 { header.identifier }
  /// Whether directions are left out, so that distances of what it makes are no more than estimates.
  package var isReducing: Bool { outputs < inputs }

  init(header: Header, base: UnsafeRawPointer, owner: TransformMemory?) {
    self.header = header
    self.owner = owner
    start = base
    mean = (base + Header.byteCount).assumingMemoryBound(to: Float.self)
    matrix = mean + header.inputs
  }

  /// What is made of vectors that follow each other: finite whatever they, and the matrix, are. `level` is the instruction set,
  /// as ``DistanceKernels/levels`` numbers them.
  package func apply(
    _ vectors: UnsafePointer<Float>, count: Int, to results: UnsafeMutablePointer<Float>,
    level: Int = .max
  ) {
    guard count > 0 else { return }
    var copies = UnsafeMutablePointer<Float>?.none
    defer { copies?.deallocate() }
    if header.metric != .dot {
      let room = UnsafeMutablePointer<Float>.allocate(capacity: count * inputs)
      copies = room
      for row in 0..<count { prepare(vectors + row * inputs, room + row * inputs) }
    }
    vk_project(
      max(0, level), matrix, inputs, outputs, copies.map { UnsafePointer($0) } ?? vectors, count,
      results)
    for row in 0..<count { makeFinite(vectors + row * inputs, results + row * outputs) }
  }

  /// The share of the squared lengths (from the mean, where it is taken off) of vectors that is kept.
  package func keptShare(_ vectors: UnsafePointer<Float>, count: Int) -> Float {
    var (all, kept) = (0.0, 0.0)
    let made = UnsafeMutablePointer<Float>.allocate(capacity: inputs + outputs)
    defer { made.deallocate() }
    for row in 0..<count {
      let vector = vectors + row * inputs
      if header.metric == .dot {
        (made + outputs).update(from: vector, count: inputs)
      } else {
        prepare(vector, made + outputs)
      }
      apply(vector, count: 1, to: made)
      for index in 0..<outputs { kept += Double(made[index]) * Double(made[index]) }
      for index in 0..<inputs {
        all += Double(made[outputs + index]) * Double(made[outputs + index])
      }
    }
    return all > 0 ? Float(min(1, kept / all)) : 1
  }

  /// What is made of a vector.
  package func apply(_ vector: [Float]) -> [Float] {
    guard vector.count == inputs else { return [] }
    return [Float](unsafeUninitializedCapacity: outputs) { buffer, count in
      vector.withUnsafeBufferPointer { vector in
        guard let first = vector.baseAddress, let room = buffer.baseAddress else { return }
        apply(first, count: 1, to: room)
        count = outputs
      }
    }
  }

  private func prepare(_ vector: UnsafePointer<Float>, _ copy: UnsafeMutablePointer<Float>) {
    if header.metric == .l2Squared {
      for index in 0..<inputs { copy[index] = vector[index] - mean[index] }
    } else {
      Self.normalize(vector, count: inputs, to: copy)
    }
  }

  /// Scales to length 1 in 64 bits, which give the same numbers on every CPU; a zero vector stays zero.
  static func normalize(
    _ vector: UnsafePointer<Float>, count: Int, to copy: UnsafeMutablePointer<Float>
  ) {
    var square = 0.0
    for index in 0..<count { square += Double(vector[index]) * Double(vector[index]) }
    let scale = square > 0 ? 1 / square.squareRoot() : 0
    for index in 0..<count { copy[index] = Float(Double(vector[index]) * scale) }
  }

  /// Where 32 bits did not suffice, the row is computed once more and limited to what they can say.
  private func makeFinite(_ vector: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>) {
    var isFinite = true
    for index in 0..<outputs where !result[index].isFinite { isFinite = false }
    if isFinite { return }
    for output in 0..<outputs {
      let row = matrix + output * inputs
      var sum = 0.0
      for index in 0..<inputs {
        let centre = header.metric == .l2Squared ? Double(mean[index]) : 0
        sum += Double(row[index]) * (Double(vector[index]) - centre)
      }
      result[output] = sum.isNaN ? 0 : Wide.finite(sum)
    }
  }
}

/// Memory of a map.
final class TransformMemory: @unchecked Sendable {
  // Unchecked: written before anybody else sees it.
  let base: UnsafeMutableRawPointer

  init(_ source: UnsafeRawBufferPointer) {
    base = .allocate(byteCount: max(1, source.count), alignment: 64)
    if let first = source.baseAddress { base.copyMemory(from: first, byteCount: source.count) }
  }

  deinit { base.deallocate() }
}
