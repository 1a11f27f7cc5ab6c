import VectorMath

/// A query as the splits of trees take it.
struct ForestQuery {
  /// The vector itself, of unit length for cosine.
  private let vector: [Float]
  /// 7-bit codes c of the components, which stand for `lowest + c · step`; padded with zeroes. Planes are signed
  /// bytes, so that products are whole numbers.
  private let codes: UnsafeMutableRawPointer
  private let step: Float
  private let lowest: Float
  private let width: Int
  private let product = DistanceKernels.best.codeDot

  /// `memory` holds `width` bytes at least, which is the planes' stride; 0 without planes.
  init(_ query: SegmentQuery, width: Int, memory: UnsafeMutableRawPointer) {
    vector = query.exact.query
    codes = memory
    self.width = width
    guard width > 0, let least = vector.min(), let most = vector.max() else {
      (step, lowest) = (0, 0)
      return
    }
    // The halves, since the difference may leave the range of Float.
    let step = max((most / 2 - least / 2) / 127 * 2, .leastNormalMagnitude)
    let bytes = memory.assumingMemoryBound(to: UInt8.self)
    for (index, value) in vector.enumerated() where index < width {
      bytes[index] = UInt8(max(0, min(127, ((value - least) / step).rounded())))
    }
    for index in min(vector.count, width)..<width { bytes[index] = 0 }
    self.step = step
    lowest = least
  }

  /// How far the query lies on the right of a split.
  @inline(__always)
  func margin(_ split: SplitRecord, plane: UnsafeRawPointer) -> Float {
    let dot = product(
      codes.assumingMemoryBound(to: UInt8.self), plane.assumingMemoryBound(to: Int8.self), width)
    return split.scale * (step * Float(dot) + lowest * Float(split.sum)) + split.offset
  }

  /// Whether the query lies on the right of a split by a component; `nil` where it has no such component.
  @inline(__always)
  func isRight(_ split: SplitRecord) -> Bool? {
    let component = Int(split.sum)
    guard component >= 0, component < vector.count else { return nil }
    return vector[component] >= split.offset
  }
}
