import VectorMath

/// Reads bytes as a transform, where they lie and as a copy, and applies it to vectors of any bytes.
struct TransformBytes {
  private let bytes: [UInt8]
  private let rest: [UInt8]
  private static let rows = 5

  init(_ bytes: [UInt8], _ rest: [UInt8]) {
    self.bytes = bytes
    self.rest = rest
  }

  func check() {
    let memory = ExactMemory(count: bytes.count, alignment: 64)
    memory.fill(bytes)
    let copy = LinearTransform(copying: memory.raw)
    guard let mapped = LinearTransform(mapped: memory.raw) else {
      guard copy == nil else { fatalError("a copy of what cannot be read") }
      return
    }
    guard mapped.bytes.elementsEqual(bytes) else { fatalError("other bytes than were read") }
    guard (copy != nil) == mapped.isWhole else { fatalError("a copy of damaged bytes") }
    let vectors = ExactMemory.vector(mapped.inputs * Self.rows, rest)
    let made = ExactMemory(count: mapped.outputs * Self.rows * 4, alignment: 4)
    let out = made.base.assumingMemoryBound(to: Float.self)
    mapped.apply(vectors.floats, count: Self.rows, to: out)
    for index in 0..<mapped.outputs * Self.rows where !out[index].isFinite {
      fatalError("what is made is not finite")
    }
    if mapped.keptShare(vectors.floats, count: Self.rows).isNaN {
      fatalError("the share is NaN")
    }
  }
}
