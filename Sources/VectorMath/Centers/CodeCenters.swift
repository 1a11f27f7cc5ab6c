import CVectorKernels

/// Centres of vectors, all of them rows of 7-bit codes, in the arrangement in which the nearest one of a vector is
/// found quickly.
package struct CodeCenters: Sendable {
  /// Components of a centre.
  package let dimensions: Int
  /// The number of centres.
  package let count: Int
  private let groups: [UInt8]
  private let norms: [Int32]

  /// Bytes that a point takes: its components and zeroes up to a multiple of four.
  package static func pointBytes(dimensions: Int) -> Int {
    let step = Int(VK_CENTER_STEP)
    return (dimensions + step - 1) / step * step
  }

  /// Arranges centres, `stride` bytes apart. Of a byte above 127, which no code is, the lower seven bits are
  /// taken.
  init(codes: UnsafeBufferPointer<UInt8>, stride: Int, dimensions: Int) {
    self.dimensions = dimensions
    count = codes.count / stride
    let group = Int(VK_CENTER_GROUP)
    let step = Int(VK_CENTER_STEP)
    let bytes = Self.pointBytes(dimensions: dimensions)
    let number = (count + group - 1) / group
    var groups = [UInt8](repeating: 0, count: number * group * bytes)
    var norms = [Int32](repeating: .max, count: number * group)
    for center in 0..<count {
      let (place, lane) = center.quotientAndRemainder(dividingBy: group)
      let start = place * group * bytes + lane * step
      var norm: Int32 = 0
      for component in 0..<dimensions {
        let code = codes[center * stride + component] & 127
        groups[start + component / step * group * step + component % step] = code
        norm += Int32(code) * Int32(code)
      }
      norms[center] = norm
    }
    self.groups = groups
    self.norms = norms
  }

  /// Arranges centres, `stride` bytes apart.
  package init(rows: [UInt8], stride: Int, dimensions: Int) {
    self = rows.withUnsafeBufferPointer {
      CodeCenters(codes: $0, stride: stride, dimensions: dimensions)
    }
  }

  /// Finds the nearest centre of each of `count` points, `stride` bytes apart and
  /// ``pointBytes(dimensions:)`` long, by squared distance; the first of several. `distances` are these
  /// less the squares of the points themselves.
  package func nearest(
    points: UnsafePointer<UInt8>, stride: Int, count: Int, kernels: CenterKernels = .best,
    found: UnsafeMutablePointer<UInt32>, distances: UnsafeMutablePointer<Int32>
  ) {
    groups.withUnsafeBufferPointer { groups in
      norms.withUnsafeBufferPointer { norms in
        guard let centers = groups.baseAddress, let squares = norms.baseAddress else { return }
        kernels.functions.nearest(
          points, stride, count, Self.pointBytes(dimensions: dimensions) / Int(VK_CENTER_STEP),
          centers, squares, norms.count / Int(VK_CENTER_GROUP), found, distances)
      }
    }
  }
}
