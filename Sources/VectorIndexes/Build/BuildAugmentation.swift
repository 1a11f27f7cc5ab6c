import StorageIO
import VectorMath

/// The extra coordinate of each node for dot products; nothing for other metrics.
final class BuildAugmentation {
  let view: Augmentation
  private let memory: AnonymousMemory?

  /// Computes the coordinate of the first `count` rows. For codes it comes from the codes, not from the
  /// originals: sums of integers, so that all CPUs agree, and consistent with the distances between
  /// codes.
  init(_ rows: EncodedRows, count: Int) throws(StoreError) {
    guard rows.codec.metric == .dot, count > 0 else {
      view = .none
      memory = nil
      return
    }
    let squares = (0..<count).map { Self.square(rows, $0) }
    let largest = squares.max() ?? 0
    let memory = try AnonymousMemory(count: count * 4, purpose: "norms")
    if rows.codec.encoding == .int8 {
      let values = memory.bound(to: Int32.self)
      for i in 0..<count {
        let value = max(0, largest - squares[i]).squareRoot().rounded()
        values[i] = Int32(min(value, 30_000))
      }
      view = .integers(UnsafePointer(values))
    } else {
      let values = memory.bound(to: Float.self)
      for i in 0..<count { values[i] = Float(max(0, largest - squares[i]).squareRoot()) }
      view = .floats(UnsafePointer(values))
    }
    self.memory = memory
  }

  /// The squared norm, in units of code steps for codes.
  private static func square(_ rows: EncodedRows, _ index: Int) -> Double {
    let dimensions = rows.codec.dimensions
    if let map = rows.codec.quantizer?.map {
      let codes = rows.row(index).assumingMemoryBound(to: UInt8.self)
      var sum = 0
      var squares = 0
      for i in 0..<dimensions {
        let code = Int(codes[i])
        sum &+= code
        squares &+= code &* code
      }
      let origin = Double(map.firstMiddle) / Double(map.step)
      return Double(dimensions) * origin * origin + 2 * origin * Double(sum) + Double(squares)
    }
    let row = rows.row(index).assumingMemoryBound(to: Float.self)
    return Double(DistanceKernels.best.floatDot(row, row, dimensions))
  }
}
